package dev.replicator.port;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Runs other programs: an argument list, never a shell. */
public interface CommandRunner {
  /**
   * @param output the first bytes of standard output and standard error, up to a fixed bound
   */
  record Result(int exitCode, String output, String errors) {}

  /**
   * Runs to the end or kills it at the deadline.
   *
   * @param arguments the first of them an absolute path
   * @throws IOException when it cannot be started or did not end in time
   */
  Result run(List<String> arguments, Duration deadline) throws IOException, InterruptedException;
}
