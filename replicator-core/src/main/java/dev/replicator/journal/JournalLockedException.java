package dev.replicator.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another part of this one, has the journal open. */
public final class JournalLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  JournalLockedException(Path directory, Throwable cause) {
    super("the journal in " + directory + " is in use: another replicator runs on it", cause);
  }
}
