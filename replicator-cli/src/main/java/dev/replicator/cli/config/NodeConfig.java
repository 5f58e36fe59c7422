package dev.replicator.cli.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code [node]} table.
 *
 * @param listen where peers connect
 * @param state what this node must remember: key, journals, learned peers
 * @param socket of the control interface
 * @param http where health and metrics are served, nowhere when empty
 * @param readyLagMillis the node is not ready while content of others is pending here for longer,
 *     and a peer is connected
 */
public record NodeConfig(
    String name,
    HostPort listen,
    Path state,
    Path socket,
    Optional<HostPort> http,
    long readyLagMillis) {
  public static final HostPort LISTEN_DEFAULT = new HostPort("0.0.0.0", 7411);
  public static final Path STATE_DEFAULT = Path.of("/var/lib/replicator");
  public static final long READY_LAG_MILLIS_DEFAULT = 60_000;
}
