package dev.replicator.bench.compare;

import dev.replicator.bench.BenchException;
import dev.replicator.bench.Node;
import dev.replicator.bench.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Unison in a loop against a server of its own. */
final class UnisonTool implements Tool {
  /** Debian's package has none; where it was built, this names it. */
  private final Optional<String> monitor =
      Optional.ofNullable(System.getenv("UNISON_FSMONITOR")).filter(name -> !name.isEmpty());

  @Override
  public String name() {
    return "unison";
  }

  @Override
  public Optional<String> version() throws IOException {
    return Shell.firstLine("unison", "-version");
  }

  @Override
  public String debianPackage() {
    return "unison";
  }

  @Override
  public String settings() {
    return (monitor.isPresent()
            ? "-repeat watch"
            : "-repeat 1, a full scan each second: Debian has no unison-fsmonitor, and"
                + " $UNISON_FSMONITOR names none")
        + "; batch, auto, times, owner, group, numericids, perms -1, prefer newer, confirmbigdel"
        + " off";
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.LIVE, Trait.TREES);
  }

  @Override
  public Trees.Promise promise() {
    return new Trees.Promise(true, true, Trees.Times.SECONDS);
  }

  @Override
  public Pair open(Site site) throws IOException {
    int port = Node.freePort();
    int dialled = site.link().toward(port);
    Running running = new Running(site, port, dialled);
    try {
      running.startServer();
      running.startClient();
      return running;
    } catch (IOException | BenchException failure) {
      running.close();
      throw failure;
    }
  }

  private final class Running extends TwoProcesses {
    private final Site site;
    private final int port;
    private final int dialled;

    private Running(Site site, int port, int dialled) {
      this.site = site;
      this.port = port;
      this.dialled = dialled;
    }

    private void startServer() throws IOException {
      Child started =
          start("b", List.of("unison", "-socket", Integer.toString(port), "-listen", "127.0.0.1"));
      b = Optional.of(started);
      started.awaitListening(port);
    }

    private void startClient() throws IOException {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "unison",
                  "-ui",
                  "text",
                  site.a().toString(),
                  "socket://127.0.0.1:%d/%s".formatted(dialled, site.b())));
      words.addAll(
          List.of(
              "-batch",
              "-auto",
              "-times",
              "-owner",
              "-group",
              "-numericids",
              "-perms",
              "-1",
              "-prefer",
              "newer",
              "-confirmbigdel=false",
              "-contactquietly"));
      words.addAll(List.of("-repeat", monitor.isPresent() ? "watch" : "1"));
      a = Optional.of(start("a", words));
    }

    private Child start(String name, List<String> words) throws IOException {
      // Its archives are told apart by this directory, and a log would be written below HOME.
      String home = Files.createDirectories(site.state("unison-" + name)).toString();
      return Child.start(
          site.state("unison-" + name + ".log"),
          Map.of("UNISON", home, "HOME", home, "UNISONLOCALHOSTNAME", name),
          words);
    }

    /** The client ends with its connection, as it does in practice: both start again. */
    @Override
    public void leave() {
      close();
    }

    @Override
    public void comeBack() throws IOException {
      startServer();
      startClient();
    }

    @Override
    public void start() throws IOException {
      startClient();
    }

    @Override
    public void resync() {
      throw new BenchException("unison was started in its loop");
    }
  }
}
