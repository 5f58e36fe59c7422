package dev.replicator.port;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Runs programs that go on and tell of things as they happen: an argument list, never a shell. */
public interface CommandFollower {
  /** One such program. */
  interface Following extends AutoCloseable {
    /** False once it ended, by itself or by {@link #close}. */
    boolean isAlive();

    /** Ends it; lines may still come for a moment. */
    @Override
    void close();
  }

  /**
   * Starts it. It ends with the thread that calls this at the latest, however that or its process
   * ends.
   *
   * @param arguments the first of them an absolute path
   * @param lines takes each line of standard output from a thread of its own, cut at a fixed bound
   * @throws IOException when it cannot be started
   */
  Following follow(List<String> arguments, Consumer<String> lines) throws IOException;
}
