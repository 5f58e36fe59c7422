package dev.replicator.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What DRBD is meant to do with a resource, free of any syntax: rendered from the configuration on
 * one side, read back from {@code drbdadm dump-xml} on the other. The secret is in neither.
 *
 * @param hosts by host name: device, disk, metadata and address in one text
 */
record Meaning(
    Map<String, String> hosts,
    Map<String, String> net,
    Map<String, String> disk,
    Map<String, String> handlers) {
  private static final Pattern TAG = Pattern.compile("\\s*<(/?)([a-z-]+)([^<>]*?)(/?)>([^<>]*)");
  private static final Pattern ATTRIBUTE = Pattern.compile("([a-z-]+)=\"([^\"]*)\"");
  private static final String SECRET = "shared-secret";

  static Meaning of(BlockConfig config, Generation generation) {
    Map<String, String> net = new TreeMap<>();
    net.put("protocol", "C");
    net.put("cram-hmac-alg", config.tuning().authentication().text());
    net.put("allow-two-primaries", "yes");
    net.put("after-sb-0pri", config.noPrimary().text());
    net.put("after-sb-1pri", config.onePrimary().text());
    // The other choices of DRBD discard the data of a primary, or reset its machine.
    net.put("after-sb-2pri", "disconnect");
    net.put("verify-alg", config.tuning().verify().text());
    net.put("ko-count", Integer.toString(DrbdTuning.KO_COUNT));
    net.put("ping-int", Integer.toString(config.tuning().pingSeconds()));
    Map<String, String> disk = new TreeMap<>();
    disk.put("resync-rate", config.tuning().resyncKib() + "K");
    disk.put("c-plan-ahead", "0");
    Map<String, String> handlers = new TreeMap<>();
    config
        .fencing()
        .calls()
        .ifPresent(handler -> {
          (generation == Generation.EIGHT ? disk : net).put("fencing", "resource-and-stonith");
          handlers.put(
              "fence-peer",
              handler.program() + " " + handler.socket() + " " + handler.deadline().toSeconds());
        });
    Map<String, String> hosts = new TreeMap<>();
    for (BlockNode node : config.nodes()) {
      hosts.put(
          node.name(),
          host(
              config.device(),
              Integer.toString(config.minor()),
              node.disk(),
              "internal",
              node.address().toString()));
    }
    return new Meaning(hosts, net, disk, handlers);
  }

  private static String host(
      String device, String minor, String disk, String metadata, String address) {
    return String.join(
        " ", "device", device, minor, "disk", disk, "meta-disk", metadata, "address", address);
  }

  /**
   * Reads one resource of {@code dump-xml}, the options of {@code common} included, as the kernel
   * would get them.
   *
   * @throws UnreadableException for anything that is not known
   */
  static Meaning parse(String xml, String resource) throws UnreadableException {
    Reader reader = new Reader(resource);
    Matcher tag = TAG.matcher(xml);
    int end = 0;
    while (tag.find() && tag.start() == end) {
      reader.take(tag);
      end = tag.end();
    }
    if (end < xml.length()) {
      throw new UnreadableException("dump-xml at character " + end);
    }
    return reader.finish();
  }

  /** How {@code found} differs from this, a sentence each. */
  List<String> differences(Meaning found) {
    List<String> differences = new ArrayList<>();
    compare("on", hosts, found.hosts, differences);
    compare("net", net, found.net, differences);
    compare("disk", disk, found.disk, differences);
    compare("handlers", handlers, found.handlers, differences);
    return differences;
  }

  private static void compare(
      String section,
      Map<String, String> meant,
      Map<String, String> found,
      List<String> differences) {
    TreeMap<String, String> all = new TreeMap<>(meant);
    all.putAll(found);
    for (String key : all.keySet()) {
      String wanted = meant.getOrDefault(key, "nothing");
      String is = found.getOrDefault(key, "nothing");
      if (!wanted.equals(is)) {
        differences.add(section + " " + key + ": " + wanted + " was meant, drbdadm reads " + is);
      }
    }
  }

  /** Takes the lines of one dump. */
  private static final class Reader {
    private final String resource;
    private final Map<String, Map<String, String>> sections = new TreeMap<>();
    private final Map<String, String> hosts = new TreeMap<>();
    private final Map<String, String> host = new TreeMap<>();
    private String section = "";
    private boolean inside;
    private boolean connecting;
    private boolean found;
    private boolean ended;

    Reader(String resource) {
      this.resource = resource;
    }

    void take(Matcher tag) throws UnreadableException {
      boolean closing = !tag.group(1).isEmpty();
      Map<String, String> attributes = attributes(tag.group(3));
      switch (tag.group(2)) {
        case "config" -> ended = closing;
        case "common" -> inside = !closing && tag.group(4).isEmpty();
        case "resource" -> {
          inside = !closing && resource.equals(attributes.get("name"));
          found |= inside;
        }
        case "host" -> endHost(closing, attributes);
        case "section" -> section = closing ? "" : attributes.getOrDefault("name", "");
        case "option" -> option(attributes);
        case "volume" -> {}
        // DRBD 9 tells the addresses once more.
        case "connection" -> connecting = !closing;
        case "device", "disk", "meta-disk", "address" -> {
          if (!closing) {
            host.put(tag.group(2), tag.group(5));
            attributes.forEach(host::put);
          }
        }
        default -> throw new UnreadableException("dump-xml has <" + tag.group(2) + ">");
      }
    }

    private static Map<String, String> attributes(String text) {
      Map<String, String> attributes = new TreeMap<>();
      ATTRIBUTE
          .matcher(text)
          .results()
          .forEach(attribute -> attributes.put(attribute.group(1), attribute.group(2)));
      return attributes;
    }

    private void option(Map<String, String> attributes) {
      String name = attributes.getOrDefault("name", "");
      if (inside && !connecting && !name.equals(SECRET)) {
        sections
            .computeIfAbsent(section, _ -> new TreeMap<>())
            .put(name, attributes.getOrDefault("value", ""));
      }
    }

    private void endHost(boolean closing, Map<String, String> attributes) {
      if (!closing) {
        host.clear();
        host.put("name", attributes.getOrDefault("name", ""));
      } else if (inside && !connecting) {
        hosts.put(
            named(host, "name"),
            Meaning.host(
                named(host, "device"),
                named(host, "minor"),
                named(host, "disk"),
                named(host, "meta-disk"),
                named(host, "address") + ":" + named(host, "port")));
      }
    }

    Meaning finish() throws UnreadableException {
      if (!found || !ended) {
        throw new UnreadableException("dump-xml does not end, or has no resource " + resource);
      }
      return new Meaning(hosts, named("net"), named("disk"), named("handlers"));
    }

    private Map<String, String> named(String name) {
      return sections.getOrDefault(name, new TreeMap<>());
    }

    private static String named(Map<String, String> values, String name) {
      return values.getOrDefault(name, "");
    }
  }
}
