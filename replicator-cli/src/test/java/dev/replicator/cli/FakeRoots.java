package dev.replicator.cli;

import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.daemon.RootFactory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.port.PeerLink;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.VerifyReport;
import java.util.Optional;
import java.util.TreeMap;

/** Opens {@link FakeRoot}s and keeps them for the test to look at. */
public final class FakeRoots implements RootFactory {
  public final TreeMap<String, FakeRoot> opened = new TreeMap<>();
  public final TreeMap<String, Setting> settings = new TreeMap<>();
  public String refusal = "";

  /** What reading all again finds in those that are opened from now on. */
  public Optional<VerifyReport> verified = Optional.empty();

  @Override
  public ReplicatedRoot open(RootConfig config, PeerLink link, Setting setting) throws Failure {
    if (!refusal.isEmpty()) {
      throw new Failure(ExitCode.REFUSED, refusal);
    }
    FakeRoot root = new FakeRoot(config.name(), config.path().toString());
    verified.ifPresent(report -> root.verified = report);
    opened.put(config.name(), root);
    settings.put(config.name(), setting);
    link.listen(root);
    return root;
  }

  public FakeRoot root(String name) {
    FakeRoot root = opened.get(name);
    if (root == null) {
      throw new IllegalStateException("root " + name + " was not opened");
    }
    return root;
  }
}
