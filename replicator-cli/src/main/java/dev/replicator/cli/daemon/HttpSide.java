package dev.replicator.cli.daemon;

import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.config.NodeConfig;
import dev.replicator.cli.control.ControlRoutes;
import dev.replicator.cli.control.HealthRoutes;
import dev.replicator.cli.control.NodeView;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.net.http.HttpServer;
import dev.replicator.net.session.Address;
import dev.replicator.net.session.ListenException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The addresses on which the daemon answers people and scripts. */
final class HttpSide implements AutoCloseable {
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server = new HttpServer(workers);

  private HttpSide() {}

  /** The Unix socket, and health and metrics on TCP where that is configured. */
  static HttpSide open(NodeConfig config, NodeView node) throws Failure {
    HttpSide side = new HttpSide();
    try {
      Files.createDirectories(config.socket().toAbsolutePath().getParent());
      side.server.listen(config.socket(), ControlRoutes.of(node));
      if (config.http().isPresent()) {
        HostPort http = config.http().get();
        side.server.listen(
            new Address(http.host(), http.port()),
            Set.of(config.name(), http.host()),
            HealthRoutes.of(node));
      }
      return side;
    } catch (ListenException | IOException refused) {
      side.close();
      throw new Failure(ExitCode.REFUSED, String.valueOf(refused.getMessage()), refused);
    }
  }

  @Override
  public void close() {
    server.close();
    workers.shutdownNow();
  }
}
