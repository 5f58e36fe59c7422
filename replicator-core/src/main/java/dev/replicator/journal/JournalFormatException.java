package dev.replicator.journal;

import java.io.IOException;
import java.nio.file.Path;

/** The directory holds something that this software did not write, or cannot read yet. */
public final class JournalFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private JournalFormatException(String message) {
    super(message);
  }

  static JournalFormatException newer(Path directory, long format, int known) {
    return new JournalFormatException(
        "the journal in "
            + directory
            + " has format "
            + Long.toUnsignedString(format)
            + ", and this replicator knows formats up to "
            + known
            + ": a newer release wrote it; install that release again, or move the directory"
            + " aside");
  }

  static JournalFormatException unknown(Path directory) {
    return new JournalFormatException(
        directory + " holds files that are not a journal of replicator: name another directory");
  }
}
