package dev.replicator.bench.compare;

import dev.replicator.bench.Trees;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** rsync, run once after each workload's operations. */
final class RsyncTool implements Tool {
  @Override
  public String name() {
    return "rsync";
  }

  @Override
  public Optional<String> version() throws IOException {
    return Shell.firstLine("rsync", "--version").map(line -> line.replaceAll(" {2,}", " "));
  }

  @Override
  public String debianPackage() {
    return "rsync";
  }

  @Override
  public String settings() {
    return "rsync -aH --numeric-ids --delete to an rsync daemon, once after the operations; its"
        + " default quick check by size and time";
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.TREES, Trait.RESYNC);
  }

  @Override
  public Trees.Promise promise() {
    return Trees.Promise.ALL;
  }

  @Override
  public Pair open(Site site) throws IOException {
    return new Once(site, Rsync.start(site));
  }

  private record Once(Site site, Rsync daemon) implements Pair {
    @Override
    public void settle() throws IOException {
      resync();
    }

    @Override
    public void leave() {
      daemon.stop();
    }

    @Override
    public void comeBack() throws IOException {
      daemon.startAgain();
    }

    @Override
    public void halt() {}

    @Override
    public void start() {}

    @Override
    public void resync() throws IOException {
      String from = site.a() + "/";
      Child.run(List.of("rsync", "-aH", "--numeric-ids", "--delete", from, daemon.url()));
    }

    @Override
    public List<Long> processes() {
      return List.of(daemon.child().process());
    }

    @Override
    public void requireAlive() {
      daemon.child().requireAlive();
    }

    @Override
    public void close() {
      daemon.close();
    }
  }
}
