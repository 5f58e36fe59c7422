package dev.replicator.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel was told of a resource, as {@code drbdsetup show} of 8.4 prints it. Files that
 * are written anew change nothing of that until DRBD goes down and up: fencing may stand in each of
 * them, and be off.
 */
final class KernelOptions {
  private static final Pattern OPEN = Pattern.compile("\\s*([a-z_]+)( [A-Za-z0-9_-]+)? \\{");
  private static final Pattern OPTION =
      Pattern.compile("\\s*([a-z0-9-]+)\\s+\"?([^\";]*)\"?;(?:\\s*#.*)?");
  private static final String SECRET = "shared-secret";

  /** It does not print what is as it would be without a word. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("protocol", "C"),
          Map.entry("cram-hmac-alg", ""),
          Map.entry("allow-two-primaries", "no"),
          Map.entry("after-sb-0pri", "disconnect"),
          Map.entry("after-sb-1pri", "disconnect"),
          Map.entry("after-sb-2pri", "disconnect"),
          Map.entry("verify-alg", ""),
          Map.entry("ping-int", "10"),
          Map.entry("ko-count", "7"),
          Map.entry("fencing", "dont-care"));

  private static final Set<String> SPEED = Set.of("resync-rate", "c-plan-ahead");

  private KernelOptions() {}

  /**
   * How they differ from what is configured, a sentence each, the secret without its text.
   *
   * @param secret what DRBD was to be given, see {@link Agreement}
   * @param connected whether the kernel has the options of the connection, too
   */
  static List<String> differences(String text, BlockConfig config, Secret secret, boolean connected)
      throws UnreadableException {
    Map<String, Map<String, String>> found = parse(text);
    Meaning meaning = Meaning.of(config, Generation.EIGHT);
    List<String> differences = new ArrayList<>();
    Map<String, String> disk = new TreeMap<>(meaning.disk());
    // How fast it syncs somebody may have changed for a while, and nothing is less safe by it.
    disk.keySet().removeAll(SPEED);
    // Without a word it is off, and must be.
    disk.putIfAbsent("fencing", "dont-care");
    compare("disk", disk, found, differences);
    if (connected) {
      compare("net", meaning.net(), found, differences);
      if (!secret.text().equals(section(found, "net").get(SECRET))) {
        differences.add("net " + SECRET + " is another one");
      }
    }
    return differences;
  }

  private static void compare(
      String section,
      Map<String, String> meant,
      Map<String, Map<String, String>> found,
      List<String> differences) {
    meant.forEach((key, wanted) -> {
      String is = section(found, section).getOrDefault(key, DEFAULTS.getOrDefault(key, ""));
      if (!wanted.equalsIgnoreCase(is)) {
        differences.add(section + " " + key + ": " + wanted + " is meant, the kernel has " + is);
      }
    });
  }

  private static Map<String, String> section(
      Map<String, Map<String, String>> sections, String name) {
    return sections.getOrDefault(name, new TreeMap<>());
  }

  /** The options of each innermost section. */
  private static Map<String, Map<String, String>> parse(String text) throws UnreadableException {
    Map<String, Map<String, String>> sections = new TreeMap<>();
    List<String> open = new ArrayList<>();
    for (String line : Lines.of(text)) {
      Matcher opened = OPEN.matcher(line);
      Matcher option = OPTION.matcher(line);
      if (opened.matches()) {
        open.add(opened.group(1));
      } else if (line.strip().equals("}") && !open.isEmpty()) {
        open.removeLast();
      } else if (option.matches() && !open.isEmpty()) {
        sections
            .computeIfAbsent(open.getLast(), _ -> new TreeMap<>())
            .put(option.group(1), option.group(2));
      } else {
        throw new UnreadableException("drbdsetup show has a line that is none");
      }
    }
    if (!open.isEmpty()) {
      throw new UnreadableException("drbdsetup show does not end");
    }
    return sections;
  }
}
