package dev.replicator.block;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One line of {@code drbdsetup events2}, with or without its time.
 *
 * @param action exists, create, change, destroy, rename, call or response
 * @param object resource, connection, device, peer-device, path or helper; "-" ends a list
 */
record EventLine(String action, String object, Map<String, String> fields) {
  private static final Pattern TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}[+-][0-9]{2}:[0-9]{2}");
  private static final List<String> ACTIONS =
      List.of("exists", "create", "change", "destroy", "rename", "call", "response");
  private static final List<String> OBJECTS =
      List.of("resource", "connection", "device", "peer-device", "path", "helper", "-");

  static EventLine parse(String line) throws UnreadableException {
    List<String> words = List.of(line.strip().split(" +", -1));
    if (TIME.matcher(words.getFirst()).matches()) {
      words = words.subList(1, words.size());
    }
    if (words.size() < 2 || !ACTIONS.contains(words.get(0)) || !OBJECTS.contains(words.get(1))) {
      throw new UnreadableException("events2: " + line);
    }
    return new EventLine(words.get(0), words.get(1), Lines.fields(words.subList(2, words.size())));
  }

  boolean endsList() {
    return object.equals("-");
  }

  /** Whether the kernel says at this moment that two histories met. */
  boolean tellsSplitBrain() {
    return action.equals("call") && "split-brain".equals(fields.get("helper"));
  }
}
