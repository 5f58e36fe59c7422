package dev.replicator.block;

import dev.replicator.port.CommandRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Looks at one resource with two programs, for what the arbiter may be told of it. */
final class FootingObserver {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final String resource;
  private final CommandRunner runner;

  FootingObserver(String resource, CommandRunner runner) {
    this.resource = resource;
    this.runner = runner;
  }

  /** Without the module no tool is run, because it would load it. */
  Footing look() throws InterruptedException {
    if (said("/usr/bin/cat", "/proc/drbd").isEmpty()) {
      return new Footing.Unclear();
    }
    Optional<String> generation = said(Commands.DRBDADM, "get-gi", resource);
    Optional<String> state = said(Commands.DRBDSETUP, "events2", "--now", "--statistics");
    if (state.isEmpty()) {
      return new Footing.Unclear();
    }
    try {
      return Footing.of(
          generation.isPresent()
              ? Optional.of(GenerationIds.parse(generation.get()))
              : Optional.empty(),
          EventBook.snapshot(state.get(), resource));
    } catch (UnreadableException unreadable) {
      return new Footing.Unclear();
    }
  }

  private Optional<String> said(String... words) throws InterruptedException {
    try {
      CommandRunner.Result result = runner.run(List.of(words), DEADLINE);
      return result.exitCode() == 0 ? Optional.of(result.output()) : Optional.empty();
    } catch (IOException missing) {
      return Optional.empty();
    }
  }
}
