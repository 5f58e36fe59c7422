package dev.replicator.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Reads {@code drbdadm status} and {@code drbdsetup status --verbose --statistics} of 8.4. A peer
 * that is StandAlone is not in it; nor is what has its usual value, unless it is verbose.
 */
final class StatusText {
  private StatusText() {}

  /** The state of one resource; empty when it is not listed. */
  static Optional<Drbd> parse(String text, String resource) throws UnreadableException {
    Map<String, String> self = new TreeMap<>();
    Map<String, String> device = new TreeMap<>();
    Map<String, String> peer = new TreeMap<>();
    boolean found = false;
    boolean inside = false;
    Map<String, String> current = self;
    for (String line : Lines.of(text)) {
      List<String> words = new ArrayList<>(List.of(line.strip().split(" +", -1)));
      if (!line.startsWith(" ")) {
        inside = words.getFirst().equals(resource);
        found |= inside;
        words.removeFirst();
        current = self;
      } else if (!words.getFirst().contains(":")) {
        // The name of the peer.
        words.removeFirst();
        current = peer;
      } else if (current == self && named(words, "volume", "disk")) {
        current = device;
      }
      if (inside) {
        current.putAll(Lines.fields(words));
      }
    }
    return found ? Optional.of(state(self, device, peer)) : Optional.empty();
  }

  private static boolean named(List<String> words, String... names) {
    return List.of(names).contains(words.getFirst().replaceFirst(":.*", ""));
  }

  private static Drbd state(
      Map<String, String> self, Map<String, String> device, Map<String, String> peer)
      throws UnreadableException {
    String link =
        peer.isEmpty()
            ? Connection.STAND_ALONE.text()
            : peer.getOrDefault("connection", Connection.CONNECTED.text());
    String replication = peer.getOrDefault("replication", Replication.OFF.text());
    String outOfSync = peer.getOrDefault("out-of-sync", "");
    return new Drbd(
        Word.role(Lines.need(self, "role")),
        Word.suspended(self.getOrDefault("suspended", "no")),
        Word.disk(Lines.need(device, "disk")),
        Word.connection(link),
        Word.role(peer.getOrDefault("role", Role.UNKNOWN.text())),
        Word.replication(replication),
        Word.disk(peer.getOrDefault("peer-disk", DiskState.UNKNOWN.text())),
        outOfSync.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Lines.number(outOfSync)));
  }
}
