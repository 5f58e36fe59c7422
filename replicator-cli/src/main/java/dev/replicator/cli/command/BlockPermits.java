package dev.replicator.cli.command;

import dev.replicator.block.Permits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What may be lost or replaced on the way up; nothing that is not named here. */
final class BlockPermits {
  @Option(
      names = "--yes-destroy",
      paramLabel = "DISK",
      description = "Allow that what is on this backing disk is lost. Never one that is in use.")
  private List<String> destroy = new ArrayList<>();

  @Option(
      names = "--take-over",
      paramLabel = "FILE",
      description = "Allow that this file of somebody else is replaced; it is kept beside.")
  private List<String> takeOver = new ArrayList<>();

  Permits permits() {
    return new Permits(Set.copyOf(destroy), Set.copyOf(takeOver));
  }
}
