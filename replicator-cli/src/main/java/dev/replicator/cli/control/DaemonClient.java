package dev.replicator.cli.control;

import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.net.http.ControlClient;
import dev.replicator.net.http.NoDaemonException;
import dev.replicator.net.http.Request;
import dev.replicator.net.http.Response;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The daemon of one configuration as the commands see it; blocks until it has answered. */
public final class DaemonClient {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
  private static final int BAD_REQUEST = 400;
  private static final byte[] NO_BODY = new byte[0];

  private final Path socket;
  private final ControlClient client;

  public DaemonClient(Path socket) {
    this.socket = socket;
    this.client = new ControlClient(socket);
  }

  /** Whether a daemon accepts connections. */
  public boolean isAlive() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException refused) {
      return false;
    }
  }

  /** The body of a successful answer. */
  public String get(String path, Map<String, byte[]> parameters) throws Failure {
    return whole("GET", path, parameters);
  }

  /** The body of a successful answer to a request that changes something. */
  public String post(String path, Map<String, byte[]> parameters) throws Failure {
    return whole("POST", path, parameters);
  }

  /** Reads lines as they come, until the daemon ends them. */
  public void lines(
      String path, Map<String, byte[]> parameters, Duration most, Consumer<String> consumer)
      throws Failure {
    try {
      checked(client.lines("POST", target(path, parameters), NO_BODY, most, consumer));
    } catch (IOException broken) {
      throw failure(broken);
    }
  }

  private String whole(String method, String path, Map<String, byte[]> parameters) throws Failure {
    try {
      return checked(client.call(method, target(path, parameters), NO_BODY, ANSWER_MAX)).text();
    } catch (IOException broken) {
      throw failure(broken);
    }
  }

  private Response.Whole checked(Response.Whole answer) throws Failure {
    if (answer.status() < BAD_REQUEST) {
      return answer;
    }
    String text = answer.text().strip();
    if (answer.contentType().startsWith(Response.JSON)) {
      text = ControlJson.read(MessageJson.class, text).text();
    }
    throw new Failure(answer.status() == BAD_REQUEST ? ExitCode.USAGE : ExitCode.NOT_MET, text);
  }

  private Failure failure(IOException broken) {
    if (broken instanceof AccessDeniedException) {
      return new Failure(
          ExitCode.REFUSED,
          "only root and the daemon's user may ask it at " + socket + ": run this as one of them",
          broken);
    }
    String message =
        broken instanceof NoDaemonException
            ? "the daemon is not running: nothing answers at "
                + socket
                + "; start it with `replicator daemon` or `systemctl start replicator`"
            : "the daemon cannot be asked: "
                + Optional.ofNullable(broken.getMessage()).orElse(broken.toString());
    return new Failure(ExitCode.NOT_RUNNING, message, broken);
  }

  private static String target(String path, Map<String, byte[]> parameters) {
    StringBuilder target = new StringBuilder(path);
    char separator = '?';
    for (Map.Entry<String, byte[]> parameter : parameters.entrySet()) {
      target
          .append(separator)
          .append(parameter.getKey())
          .append('=')
          .append(Request.encode(parameter.getValue()));
      separator = '&';
    }
    return target.toString();
  }
}
