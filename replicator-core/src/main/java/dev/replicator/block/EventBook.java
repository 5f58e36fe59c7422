package dev.replicator.block;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the events of one resource add up to. */
final class EventBook {
  private final String resource;
  private final Map<String, Map<String, String>> objects = new TreeMap<>();
  private boolean complete;

  EventBook(String resource) {
    this.resource = resource;
  }

  /** All of {@code events2 --now}; one that does not end as it should was cut off. */
  static Optional<Drbd> snapshot(String text, String resource) throws UnreadableException {
    EventBook book = new EventBook(resource);
    for (String line : Lines.of(text)) {
      book.take(EventLine.parse(line));
    }
    if (!book.complete) {
      throw new UnreadableException("events2 did not end with \"exists -\"");
    }
    return book.state();
  }

  void take(EventLine line) {
    if (line.endsList()) {
      complete = true;
      return;
    }
    if (!resource.equals(line.fields().get("name")) || line.object().equals("helper")) {
      return;
    }
    if (line.action().equals("destroy")) {
      objects.remove(line.object());
    } else {
      objects.computeIfAbsent(line.object(), _ -> new TreeMap<>()).putAll(line.fields());
    }
  }

  /**
   * The state now; empty when the kernel has no such resource. What is not there yet, or not any
   * more, reads as a disk or a connection that is missing.
   */
  Optional<Drbd> state() throws UnreadableException {
    Map<String, String> self = objects.get("resource");
    if (self == null) {
      return Optional.empty();
    }
    Map<String, String> device = named("device");
    Map<String, String> link = named("connection");
    Map<String, String> peer = named("peer-device");
    String outOfSync = peer.getOrDefault("out-of-sync", "");
    return Optional.of(
        new Drbd(
            Word.role(Lines.need(self, "role")),
            Word.suspended(Lines.need(self, "suspended")),
            Word.disk(device.getOrDefault("disk", DiskState.DISKLESS.text())),
            Word.connection(link.getOrDefault("connection", Connection.STAND_ALONE.text())),
            Word.role(link.getOrDefault("role", Role.UNKNOWN.text())),
            Word.replication(peer.getOrDefault("replication", Replication.OFF.text())),
            Word.disk(peer.getOrDefault("peer-disk", DiskState.UNKNOWN.text())),
            outOfSync.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Lines.number(outOfSync))));
  }

  private Map<String, String> named(String object) {
    return objects.getOrDefault(object, new TreeMap<>());
  }
}
