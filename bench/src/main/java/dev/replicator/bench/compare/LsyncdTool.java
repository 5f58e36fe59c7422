package dev.replicator.bench.compare;

import dev.replicator.bench.BenchException;
import dev.replicator.bench.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** lsyncd, which starts an rsync for what inotify told it. */
final class LsyncdTool implements Tool {
  @Override
  public String name() {
    return "lsyncd";
  }

  @Override
  public Optional<String> version() throws IOException {
    return Shell.firstLine("lsyncd", "--version").map(line -> "lsyncd " + line);
  }

  @Override
  public String debianPackage() {
    return "lsyncd";
  }

  @Override
  public String settings() {
    return "default.rsync to an rsync daemon; delay 1 (default 15), archive and numeric ids,"
        + " --modify-window=-1 (else it takes a file that was altered within a second at the same"
        + " size as unchanged), compress off; one way only";
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.LIVE, Trait.TREES);
  }

  @Override
  public Trees.Promise promise() {
    return Trees.Promise.ALL;
  }

  @Override
  public Pair open(Site site) throws IOException {
    Rsync daemon = Rsync.start(site);
    try {
      Files.writeString(site.state("lsyncd.lua"), configuration(site, daemon.url()));
      return new Running(site, daemon, start(site));
    } catch (IOException | BenchException failure) {
      daemon.close();
      throw failure;
    }
  }

  private static String configuration(Site site, String url) {
    return """
    settings {
      nodaemon = true,
      logfile = "%s",
      pidfile = "%s",
    }
    sync {
      default.rsync,
      source = "%s",
      target = "%s",
      delay = 1,
      rsync = {
        archive = true,
        compress = false,
        _extra = {"--numeric-ids", "--modify-window=-1"},
      },
    }
    """
        .formatted(site.state("lsyncd-detail.log"), site.state("lsyncd.pid"), site.a(), url);
  }

  private static Child start(Site site) throws IOException {
    return Child.start(
        site.state("lsyncd.log"), Map.of(), List.of("lsyncd", site.state("lsyncd.lua").toString()));
  }

  private static final class Running implements Pair {
    private final Site site;
    private final Rsync daemon;
    private Child lsyncd;

    private Running(Site site, Rsync daemon, Child lsyncd) {
      this.site = site;
      this.daemon = daemon;
      this.lsyncd = lsyncd;
    }

    @Override
    public void settle() {}

    @Override
    public void leave() {
      daemon.stop();
    }

    @Override
    public void comeBack() throws IOException {
      daemon.startAgain();
    }

    @Override
    public void halt() {
      lsyncd.close();
    }

    @Override
    public void start() throws IOException {
      lsyncd = LsyncdTool.start(site);
    }

    @Override
    public void resync() {
      throw new BenchException("lsyncd compares only when it starts");
    }

    @Override
    public List<Long> processes() {
      return List.of(lsyncd.process(), daemon.child().process());
    }

    @Override
    public void requireAlive() {
      lsyncd.requireAlive();
      daemon.child().requireAlive();
    }

    @Override
    public void close() {
      lsyncd.close();
      daemon.close();
    }
  }
}
