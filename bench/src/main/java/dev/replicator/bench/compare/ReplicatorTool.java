package dev.replicator.bench.compare;

import dev.replicator.bench.BenchException;
import dev.replicator.bench.Json;
import dev.replicator.bench.Node;
import dev.replicator.bench.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two of our own daemons. */
final class ReplicatorTool implements Tool {
  static final String NAME = "replicator";

  private static final Pattern KEY = Pattern.compile("has key (\\S+)");
  private static final long POLL_NANOS = 100_000_000;

  /** The first index of a million files takes minutes. */
  private static final long JOIN_NANOS_MAX = 1_800_000_000_000L;

  private final String launcher = System.getProperty("replicator.launcher", "./replicator");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> version() throws IOException {
    // The launcher may build first, and says so on the way.
    return Child.run(List.of(launcher, "--version")).lines().reduce((_, last) -> last);
  }

  @Override
  public String debianPackage() {
    return NAME;
  }

  @Override
  public String settings() {
    return "all at their defaults, TLS 1.3";
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.LIVE, Trait.TREES, Trait.RESYNC, Trait.TELLS_READY);
  }

  @Override
  public Trees.Promise promise() {
    return Trees.Promise.ALL;
  }

  @Override
  public Pair open(Site site) throws IOException {
    int port = Node.freePort();
    String keyOfA = init(site, "a", port);
    int portOfB = Node.freePort();
    String keyOfB = init(site, "b", portOfB);
    // A proxy is one way: only the second node dials then. One that is started for a resync dials.
    addPeer(site, "a", "b", keyOfB, site.link().isDirect() ? address(portOfB) : "");
    addPeer(site, "b", "a", keyOfA, address(site.link().toward(port)));
    Nodes nodes =
        new Nodes(Node.at(launcher, "a", site.state("a")), Node.at(launcher, "b", site.state("b")));
    try {
      nodes.a.start();
      nodes.b.start();
      nodes.awaitJoined();
      return nodes;
    } catch (IOException | BenchException failure) {
      nodes.close();
      throw failure;
    }
  }

  private static String address(int port) {
    return "address = \"127.0.0.1:%d\"\n".formatted(port);
  }

  private String init(Site site, String name, int port) throws IOException {
    Path home = site.state(name);
    String output =
        Child.run(
            List.of(
                launcher,
                "init",
                "--config",
                home.resolve("replicator.toml").toString(),
                "--name",
                name,
                "--listen",
                "127.0.0.1:" + port,
                "--state",
                home.resolve("state").toString(),
                "--root",
                Node.ROOT + "=" + home.resolve("root")));
    Matcher key = KEY.matcher(output);
    if (!key.find()) {
      throw new BenchException("init printed no key: " + output);
    }
    return key.group(1);
  }

  private static void addPeer(Site site, String at, String peer, String key, String address)
      throws IOException {
    Files.writeString(
        site.state(at).resolve("replicator.toml"),
        "\n[[peer]]\nname = \"%s\"\nkey = \"%s\"\n%s".formatted(peer, key, address),
        StandardOpenOption.APPEND);
  }

  private record Nodes(Node a, Node b) implements Pair {
    void awaitJoined() throws IOException {
      long deadline = System.nanoTime() + JOIN_NANOS_MAX;
      while (!isJoined(a) || !isJoined(b)) {
        if (System.nanoTime() > deadline) {
          throw new BenchException("the nodes are not live and joined after half an hour");
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }

    private static boolean isJoined(Node node) throws IOException {
      Json status = Json.of(node.status());
      return status.at("roots").items().stream().allMatch(r -> r.at("state").text().equals("live"))
          && status.at("peers").items().stream().allMatch(peer -> peer.at("connected").isTrue());
    }

    @Override
    public void settle() {}

    @Override
    public void leave() {
      b.close();
    }

    @Override
    public void comeBack() throws IOException {
      b.start();
    }

    @Override
    public void halt() {
      a.close();
    }

    @Override
    public void start() throws IOException {
      a.start();
    }

    @Override
    public void resync() throws IOException {
      a.command("resync");
    }

    @Override
    public List<Long> processes() {
      return List.of(a.process(), b.process());
    }

    @Override
    public void requireAlive() {
      for (Node node : List.of(a, b)) {
        if (ProcessHandle.of(node.process()).filter(ProcessHandle::isAlive).isEmpty()) {
          throw new BenchException("a daemon ended");
        }
      }
    }

    @Override
    public void close() {
      a.close();
      b.close();
    }
  }
}
