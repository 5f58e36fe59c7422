package dev.replicator.cli.config;

import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who has which name here. Whoever had it first keeps it, for configurations and people mean that
 * one; who comes later gets a piece of his key behind it. Nodes pass names on as they use them, and
 * the piece is the same everywhere, so one that comes to a cluster has one name on all its nodes.
 * Only where two of one name join at two nodes that do not see each other, each keeps its own
 * first.
 */
public final class PeerNames {
  private static final int KEY_CHARACTERS_MIN = 4;

  private final TreeMap<String, NodeId> holders = new TreeMap<>();
  private final TreeSet<String> own = new TreeSet<>();

  public PeerNames(Map<NodeId, String> names) {
    names.forEach((node, name) -> holders.put(name, node));
  }

  /** Nobody else is called as this node itself. */
  public PeerNames besides(String ownName) {
    own.add(ownName);
    return this;
  }

  /** Gives {@code peer} its name, or one of its own where somebody else has that. */
  public PeerConfig give(PeerConfig peer) {
    String name = peer.name();
    String key = letters(peer.key());
    for (int length = KEY_CHARACTERS_MIN; !isFree(name, peer.key()); length++) {
      // Somebody may have been given all the names that a key makes.
      String piece = length <= key.length() ? key.substring(0, length) : Integer.toString(length);
      name = with(peer.name(), "-" + piece);
    }
    holders.values().removeIf(peer.key()::equals);
    holders.put(name, peer.key());
    return peer.named(name);
  }

  /** Who is called {@code name}. */
  public Optional<NodeId> holder(String name) {
    return Optional.ofNullable(holders.get(name));
  }

  private boolean isFree(String name, NodeId key) {
    return !own.contains(name) && holder(name).filter(one -> !one.equals(key)).isEmpty();
  }

  /** The name without the piece of the key that {@link #give} put behind it, if it did. */
  public static Optional<String> wanted(String name, NodeId key) {
    int dash = name.lastIndexOf('-');
    boolean given =
        dash > 0
            && name.length() - dash > KEY_CHARACTERS_MIN
            && letters(key).startsWith(name.substring(dash + 1));
    return given ? Optional.of(name.substring(0, dash)) : Optional.empty();
  }

  /** The command that calls {@code peer} otherwise. */
  public static String adding(String name, PeerConfig peer) {
    return "`replicator peer add "
        + name
        + peer.address().map(address -> " --address " + address).orElse("")
        + " --key "
        + KeyText.print(peer.key())
        + "`";
  }

  private static String with(String name, String piece) {
    int room = ConfigLimits.NAME_CHARACTERS_MAX - piece.length();
    return name.substring(0, Math.min(name.length(), room)) + piece;
  }

  /** What a name may hold of a key as people see it. */
  private static String letters(NodeId key) {
    String text = KeyText.print(key);
    return text.substring(text.indexOf(':') + 1).replaceAll("[^A-Za-z0-9]", "");
  }
}
