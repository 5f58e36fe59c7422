package dev.replicator.journal;

import java.io.IOException;
import java.nio.file.Path;

/** The directory holds something that this software did not write, or cannot read. */
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
            + ", and this replicator reads format "
            + known
            + " alone: a newer release wrote it; install that release again, or move the directory"
            + " aside");
  }

  static JournalFormatException older(Path directory, long format, int known) {
    return new JournalFormatException(
        "the journal in "
            + directory
            + " has format "
            + format
            + ", and this replicator reads format "
            + known
            + " alone: an older release wrote it; install that release again, or move this"
            + " directory aside: the next start then begins a new journal, adopts the files that"
            + " it finds and deletes nothing");
  }

  static JournalFormatException unknown(Path directory) {
    return new JournalFormatException(
        directory + " holds files that are not a journal of replicator: name another directory");
  }
}
