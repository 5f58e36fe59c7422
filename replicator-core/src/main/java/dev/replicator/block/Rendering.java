package dev.replicator.block;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a configuration in the languages of DRBD and o2cb. */
public final class Rendering {
  public static final String COMMON_PATH = "/etc/drbd.d/global_common.conf";
  public static final String CLUSTER_PATH = "/etc/ocfs2/cluster.conf";

  private final BlockConfig config;
  private final Generation generation;
  private final StringBuilder text = new StringBuilder(RenderedFile.MARK);
  private int depth;

  private Rendering(BlockConfig config, Generation generation) {
    this.config = config;
    this.generation = generation;
  }

  /**
   * All files of a root.
   *
   * @param secret what DRBD is given, see {@link Agreement}
   * @throws IllegalArgumentException for a configuration with problems
   */
  public static List<RenderedFile> files(BlockConfig config, Secret secret, Generation generation) {
    if (!config.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", config.problems()));
    }
    return List.of(
        new RenderedFile(
            COMMON_PATH,
            new Rendering(config, generation).common(),
            false,
            RenderedFile.Foreign.LEFT_ALONE),
        new RenderedFile(
            resourcePath(config),
            new Rendering(config, generation).resource(secret),
            true,
            RenderedFile.Foreign.IN_THE_WAY),
        new RenderedFile(
            CLUSTER_PATH,
            new Rendering(config, generation).cluster(),
            false,
            RenderedFile.Foreign.IN_THE_WAY));
  }

  public static String resourcePath(BlockConfig config) {
    return "/etc/drbd.d/" + config.resource() + ".res";
  }

  private String common() {
    return text.append("global { usage-count no; }\n").append("common { }\n").toString();
  }

  private String resource(Secret secret) {
    open("resource " + config.resource());
    Meaning meaning = Meaning.of(config, generation);
    section("net", meaning.net(), secret);
    section("disk", meaning.disk(), secret);
    section("handlers", meaning.handlers(), secret);
    for (int id = 0; id < config.nodes().size(); id++) {
      host(config.nodes().get(id), id);
    }
    close();
    return text.toString();
  }

  private void host(BlockNode node, int id) {
    open("on " + node.name());
    if (generation == Generation.NINE) {
      line("node-id " + id);
    }
    line("device " + config.device() + " minor " + config.minor());
    line("disk " + node.disk());
    line("meta-disk internal");
    line("address ipv4 " + node.address());
    close();
  }

  private void section(String name, Map<String, String> options, Secret secret) {
    if (options.isEmpty()) {
      return;
    }
    open(name);
    // Its parser takes a quoted word for a text, and yes in quotes for no yes.
    boolean texts = name.equals("handlers");
    new TreeMap<>(options)
        .forEach((key, value) -> line(key + " " + (texts ? quoted(value) : value)));
    if (name.equals("net")) {
      line("shared-secret " + quoted(secret.text()));
    }
    close();
  }

  private static String quoted(String value) {
    return "\"" + value + "\"";
  }

  private void open(String header) {
    text.append("  ".repeat(depth)).append(header).append(" {\n");
    depth++;
  }

  private void close() {
    depth--;
    text.append("  ".repeat(depth)).append("}\n");
  }

  private void line(String statement) {
    text.append("  ".repeat(depth)).append(statement).append(";\n");
  }

  /** The tools of o2cb want tabs and the names of these keys. */
  private String cluster() {
    text.append("cluster:\n");
    key("name", config.fileSystem().cluster());
    key("heartbeat_mode", "local");
    key("node_count", Integer.toString(config.nodes().size()));
    for (BlockNode node : config.nodes()) {
      text.append("\nnode:\n");
      key("cluster", config.fileSystem().cluster());
      key("number", Integer.toString(node.number()));
      key("name", node.name());
      key("ip_address", node.cluster().address());
      key("ip_port", Integer.toString(node.cluster().port()));
    }
    return text.append('\n').toString();
  }

  private void key(String name, String value) {
    text.append('\t').append(name).append(" = ").append(value).append('\n');
  }
}
