package dev.replicator.bench.compare;

import dev.replicator.bench.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An rsync daemon that takes in what is sent to the second tree. */
final class Rsync implements AutoCloseable {
  private static final String MODULE = "b";

  private final Site site;
  private final int port;
  private final String url;
  private Child daemon;

  private Rsync(Site site, int port, String url, Child daemon) {
    this.site = site;
    this.port = port;
    this.url = url;
    this.daemon = daemon;
  }

  static Rsync start(Site site) throws IOException {
    int port = Node.freePort();
    String url = "rsync://127.0.0.1:%d/%s/".formatted(site.link().toward(port), MODULE);
    Files.writeString(site.state("rsyncd.conf"), configuration(site.b()));
    return new Rsync(site, port, url, daemon(site, port));
  }

  private static String configuration(Path tree) {
    boolean root = "root".equals(System.getProperty("user.name"));
    return """
    use chroot = no
    numeric ids = yes
    [%s]
    path = %s
    read only = no
    %s
    """
        .formatted(MODULE, tree, root ? "uid = root\ngid = root" : "");
  }

  private static Child daemon(Site site, int port) throws IOException {
    Child child =
        Child.start(
            site.state("rsyncd.log"),
            Map.of(),
            List.of(
                "rsync",
                "--daemon",
                "--no-detach",
                "--address=127.0.0.1",
                "--port=" + port,
                "--config=" + site.state("rsyncd.conf")));
    child.awaitListening(port);
    return child;
  }

  /** Where to send to. */
  String url() {
    return url;
  }

  Child child() {
    return daemon;
  }

  void stop() {
    daemon.close();
  }

  void startAgain() throws IOException {
    daemon = daemon(site, port);
  }

  @Override
  public void close() {
    daemon.close();
  }
}
