package dev.replicator.cli.daemon;

import dev.replicator.cli.config.AfterApplyConfig;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.host.MachineClock;
import dev.replicator.host.ProcessRunner;
import dev.replicator.journal.RocksJournal;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Clock;
import dev.replicator.port.PeerLink;
import dev.replicator.port.Watcher;
import dev.replicator.runtime.AfterApply;
import dev.replicator.runtime.EngineParts;
import dev.replicator.runtime.FileEngine;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Roots as their driver wants them, with everything they remember in the state directory. */
public final class DriverRoots implements RootFactory {
  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration RETENTION = Duration.ofDays(7);

  @Override
  public ReplicatedRoot open(RootConfig config, PeerLink link, Setting setting) throws Failure {
    // Each driver leaves alone what the other one remembers: moving a root deletes nothing.
    return config.block().isPresent()
        ? BlockRoots.open(config.name(), config.block().get(), setting)
        : files(config, link, setting);
  }

  private static ReplicatedRoot files(RootConfig config, PeerLink link, Setting setting)
      throws Failure {
    Clock clock = MachineClock.open();
    try {
      RocksJournal journal = RocksJournal.open(setting.state().resolve(StateDirectory.JOURNAL));
      try {
        return new FileEngine(parts(config, link, setting, clock, journal));
      } catch (IOException | RuntimeException failure) {
        journal.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new Failure(
          ExitCode.REFUSED, "root " + config.name() + ": " + failure.getMessage(), failure);
    }
  }

  private static EngineParts parts(
      RootConfig config, PeerLink link, Setting setting, Clock clock, RocksJournal journal)
      throws IOException {
    // As it is written: where a link on the way leads elsewhere later, that is seen with each look.
    Path path = config.given();
    Supplier<Watcher> watchers = Watchers.of(path, clock);
    Vault vault = Vault.open(setting.state().resolve("vault"), clock, Trees.diskUse());
    Optional<AfterApply> afterApply =
        setting.observing()
            ? Optional.empty()
            : config.afterApply().map(it -> afterApply(config.name(), it, setting, clock));
    // The tree comes last: it holds what nobody would close if the others could not be had.
    return new EngineParts(
        config.name(),
        path.toString(),
        setting.self(),
        setting.peers(),
        config.filter(),
        setting.initial(),
        setting.observing(),
        clock,
        journal,
        Trees.open(path, setting.state().resolve("staging"), config.metadata()),
        watchers,
        vault,
        link,
        afterApply.<Chronicle>map(it -> it).orElse(setting.chronicle()),
        afterApply,
        Duration.ofMillis(config.settleMillis()),
        SETTLE,
        Duration.ofMinutes(config.scanMinutes()),
        RETENTION);
  }

  private static AfterApply afterApply(
      String root, AfterApplyConfig config, Setting setting, Clock clock) {
    return new AfterApply(
        root, config.toRun(), new ProcessRunner(), setting.state(), clock, setting.chronicle());
  }
}
