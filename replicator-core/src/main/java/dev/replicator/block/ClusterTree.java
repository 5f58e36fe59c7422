package dev.replicator.block;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A registered cluster, as {@code grep -r .} prints its directory of configfs.
 *
 * @param values by the path below that directory
 */
record ClusterTree(Map<String, String> values) {
  ClusterTree {
    values = Map.copyOf(values);
  }

  /**
   * @param directory as it was given to grep
   */
  static ClusterTree parse(String text, String directory) throws UnreadableException {
    Map<String, String> values = new TreeMap<>();
    for (String line : Lines.of(text)) {
      int colon = line.indexOf(':');
      if (colon < 0 || !line.startsWith(directory + "/")) {
        throw new UnreadableException("configfs: " + line);
      }
      values.put(line.substring(directory.length() + 1, colon), line.substring(colon + 1));
    }
    return new ClusterTree(values);
  }

  /** How many nodes take themselves for this machine; anything but 1 mounts nothing. */
  long localNodes() {
    return values.entrySet().stream()
        .filter(value -> value.getKey().matches("node/[^/]+/local") && value.getValue().equals("1"))
        .count();
  }

  /** Whether a file system holds the cluster. */
  boolean beating() {
    return values.keySet().stream().anyMatch(key -> key.matches("heartbeat/[0-9A-F]{32}/.*"));
  }

  /** In which words it differs from what is configured; empty when it does not. */
  Optional<String> difference(BlockConfig config) {
    for (BlockNode node : config.nodes()) {
      String below = "node/" + node.name() + "/";
      Map<String, String> wanted =
          Map.of(
              below + "num", Integer.toString(node.number()),
              below + "ipv4_address", node.cluster().address(),
              below + "ipv4_port", Integer.toString(node.cluster().port()));
      for (Map.Entry<String, String> one : new TreeMap<>(wanted).entrySet()) {
        String is = values.getOrDefault(one.getKey(), "nothing");
        if (!is.equals(one.getValue())) {
          return Optional.of(one.getKey() + " is " + is + " instead of " + one.getValue());
        }
      }
    }
    return Optional.empty();
  }

  /** The first timeout that is not as configured. */
  Optional<ClusterTimeout> differing(ClusterFileSystem meant) {
    return Arrays.stream(ClusterTimeout.values())
        .filter(
            timeout -> !Integer.toString(timeout.value(meant)).equals(values.get(timeout.path())))
        .findFirst();
  }
}
