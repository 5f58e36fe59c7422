package dev.replicator.block;

import java.io.IOException;
import java.util.Optional;

/** The files that a root's configuration stands in. Calls block, and may be repeated. */
public interface ConfigurationFiles {
  /**
   * The secret, the only line of a file.
   *
   * @throws IOException when it is missing, no secret, or others than its owner may read it
   */
  Secret secret(String path) throws IOException;

  /** The text of a file; empty when there is none. */
  Optional<String> read(String path) throws IOException;

  /** Whether there is such a program, and it may be run. */
  boolean executable(String path);

  /**
   * Puts a file in its place by one rename, durably. One of somebody else is kept beside it, with
   * {@code .before-replicator} at its end; what is kept there already is never replaced.
   */
  void write(RenderedFile file) throws IOException;

  /** Writes a setting of the kernel, in place. */
  void set(String path, String value) throws IOException;
}
