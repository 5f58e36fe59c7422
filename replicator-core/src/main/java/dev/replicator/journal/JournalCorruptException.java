package dev.replicator.journal;

import java.io.IOException;
import java.nio.file.Path;

/** What the journal holds cannot be trusted. */
public final class JournalCorruptException extends IOException {
  private static final long serialVersionUID = 1L;

  JournalCorruptException(Path directory, String reason, Throwable cause) {
    super(
        "the journal in "
            + directory
            + " is damaged ("
            + reason
            + "); move this directory aside and start again: a new journal adopts the files it"
            + " finds and deletes nothing",
        cause);
  }

  JournalCorruptException(Path directory, String reason) {
    this(directory, reason, new IOException(reason));
  }
}
