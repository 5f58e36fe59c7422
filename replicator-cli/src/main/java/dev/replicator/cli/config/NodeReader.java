package dev.replicator.cli.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Puts the {@code [node]} tables of all files together: for each key the last one counts. */
final class NodeReader {
  private Optional<String> name = Optional.empty();
  private Optional<HostPort> listen = Optional.empty();
  private Optional<Path> state = Optional.empty();
  private Optional<Path> socket = Optional.empty();
  private Optional<HostPort> http = Optional.empty();
  private Optional<Section> last = Optional.empty();
  private Optional<Section> socketSection = Optional.empty();
  private boolean named;
  private long readyLagMillis = NodeConfig.READY_LAG_MILLIS_DEFAULT;

  void read(Section section) {
    last = Optional.of(section);
    named |= section.has("name");
    name = section.parsed("name", ConfigReader::name).or(() -> name);
    listen = section.parsed("listen", text -> HostPort.parse(text, 0)).or(() -> listen);
    state = section.absolutePath("state").or(() -> state);
    socket = section.absolutePath("socket").or(() -> socket);
    http = section.parsed("http", text -> HostPort.parse(text, 0)).or(() -> http);
    if (section.has("socket") || section.has("state")) {
      socketSection = Optional.of(section);
    }
    readyLagMillis =
        section
            .number("ready_lag_millis", 1, ConfigLimits.READY_LAG_MILLIS_MAX)
            .orElse(readyLagMillis);
    section.refuseUnknown();
  }

  /** The whole; empty when something is missing, which is then among the findings. */
  Optional<NodeConfig> finish(Path main, Findings findings) {
    if (!named) {
      String missing = "name is missing: what this node is called, such as \"web1\"";
      if (last.isPresent()) {
        last.get().error(missing);
      } else {
        findings.error(main, 0, "no [node] table; " + missing);
      }
    }
    Path directory = state.orElse(NodeConfig.STATE_DEFAULT);
    Path control = socket.orElse(directory.resolve("control.sock"));
    checkSocket(control, main, findings);
    return name.map(text ->
        new NodeConfig(
            text,
            listen.orElse(NodeConfig.LISTEN_DEFAULT),
            directory,
            control,
            http,
            readyLagMillis));
  }

  private void checkSocket(Path control, Path main, Findings findings) {
    int length = control.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length <= ConfigLimits.SOCKET_PATH_BYTES_MAX) {
      return;
    }
    String message =
        "the control socket "
            + control
            + " has a path of "
            + length
            + " bytes; at most "
            + ConfigLimits.SOCKET_PATH_BYTES_MAX
            + " work: set socket = \"/run/replicator/control.sock\" or a shorter state";
    if (socketSection.isPresent()) {
      Section section = socketSection.get();
      section.error(section.has("socket") ? "socket" : "state", message);
    } else {
      findings.error(main, 0, message);
    }
  }
}
