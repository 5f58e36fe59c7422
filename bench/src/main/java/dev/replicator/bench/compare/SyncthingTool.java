package dev.replicator.bench.compare;

import dev.replicator.bench.BenchException;
import dev.replicator.bench.Node;
import dev.replicator.bench.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Two syncthing instances that know only each other. */
final class SyncthingTool implements Tool {
  private static final String FOLDER = "site";

  @Override
  public String name() {
    return "syncthing";
  }

  @Override
  public Optional<String> version() throws IOException {
    return Shell.firstLine("syncthing", "--version").map(line -> line.replaceAll(" \\(.*", ""));
  }

  @Override
  public String debianPackage() {
    return "syncthing";
  }

  @Override
  public String settings() {
    return "fsWatcherDelayS 1 (default 10; it refuses fractions), caseSensitiveFS, no"
        + " autoNormalize (it would rename files of the tree), compression"
        + " never, setLowPriority off, reconnectionIntervalS 2 (default 60); no discovery, relays,"
        + " NAT or reports; fsync on and rescan every 3600 s as by default; it keeps no owners";
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.LIVE, Trait.TREES);
  }

  @Override
  public Trees.Promise promise() {
    return new Trees.Promise(true, false, Trees.Times.NANOSECONDS);
  }

  @Override
  public Pair open(Site site) throws IOException {
    Instance a = Instance.create(site, "a", site.a());
    Instance b = Instance.create(site, "b", site.b());
    int toB = site.link().toward(b.port());
    a.configure(b, "tcp://127.0.0.1:" + toB);
    // It is dialled, and has no way to find the other.
    b.configure(a, "dynamic");
    Running running = new Running(a, b);
    try {
      running.startB();
      running.startA();
      return running;
    } catch (IOException | BenchException failure) {
      running.close();
      throw failure;
    }
  }

  /** One node: its identity and where it listens. */
  private record Instance(Path home, Path tree, String id, int port) {
    static Instance create(Site site, String name, Path tree) throws IOException {
      Path home = site.state("syncthing-" + name);
      Child.run(List.of("syncthing", "generate", "--home=" + home));
      String id = Child.run(List.of("syncthing", "--device-id", "--home=" + home));
      Files.createDirectories(tree.resolve(".stfolder"));
      return new Instance(home, tree, id, Node.freePort());
    }

    void configure(Instance peer, String address) throws IOException {
      Files.writeString(
          home.resolve("config.xml"),
          """
          <configuration version="36">
            <folder id="%s" label="%s" path="%s" type="sendreceive" rescanIntervalS="3600"
                fsWatcherEnabled="true" fsWatcherDelayS="1" ignorePerms="false"
                autoNormalize="false">
              <filesystemType>basic</filesystemType>
              <device id="%s"></device>
              <device id="%s"></device>
              <caseSensitiveFS>true</caseSensitiveFS>
            </folder>
            <device id="%s" name="this" compression="never"><address>dynamic</address></device>
            <device id="%s" name="other" compression="never"><address>%s</address></device>
            <gui enabled="true" tls="false"><address>127.0.0.1:%d</address></gui>
            <options>
              <listenAddress>tcp://127.0.0.1:%d</listenAddress>
              <globalAnnounceEnabled>false</globalAnnounceEnabled>
              <localAnnounceEnabled>false</localAnnounceEnabled>
              <reconnectionIntervalS>2</reconnectionIntervalS>
              <relaysEnabled>false</relaysEnabled>
              <startBrowser>false</startBrowser>
              <natEnabled>false</natEnabled>
              <stunServer></stunServer>
              <urAccepted>-1</urAccepted>
              <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
              <crashReportingEnabled>false</crashReportingEnabled>
              <setLowPriority>false</setLowPriority>
            </options>
          </configuration>
          """
              .formatted(
                  FOLDER, FOLDER, tree, id, peer.id, id, peer.id, address, Node.freePort(), port));
    }

    Child start() throws IOException {
      return Child.start(
          home.resolve("log"),
          Map.of("HOME", home.toString()),
          List.of(
              "syncthing",
              "serve",
              "--home=" + home,
              "--no-browser",
              "--no-restart",
              "--no-upgrade",
              "--no-default-folder"));
    }
  }

  private static final class Running extends TwoProcesses {
    private final Instance instanceA;
    private final Instance instanceB;

    private Running(Instance instanceA, Instance instanceB) {
      this.instanceA = instanceA;
      this.instanceB = instanceB;
    }

    private void startA() throws IOException {
      a = Optional.of(instanceA.start());
    }

    private void startB() throws IOException {
      Child started = instanceB.start();
      b = Optional.of(started);
      started.awaitListening(instanceB.port());
    }

    @Override
    public void leave() {
      b.ifPresent(Child::close);
      b = Optional.empty();
    }

    @Override
    public void comeBack() throws IOException {
      startB();
    }

    @Override
    public void start() throws IOException {
      startA();
    }

    @Override
    public void resync() {
      throw new BenchException("syncthing tells no end of a scan");
    }
  }
}
