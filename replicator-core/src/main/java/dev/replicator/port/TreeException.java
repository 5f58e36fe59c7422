package dev.replicator.port;

import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Something went wrong with one path; the others go on. */
public final class TreeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public TreeException(Problem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  public TreeException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  /** Wraps what {@code java.nio.file} threw. */
  public static TreeException of(IOException failure) {
    return new TreeException(problemOf(failure), failure);
  }

  public Problem problem() {
    return problem;
  }

  /**
   * Tells why {@code failure} happened. Java keeps the error number to itself, so that most kinds
   * are known by the text of the C library: it has to speak English.
   */
  public static Problem problemOf(IOException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> Problem.of(Kind.PERMISSION);
      case DirectoryNotEmptyException full -> new Problem(Kind.OBSTRUCTED, "directory not empty");
      case FileAlreadyExistsException there -> new Problem(Kind.OBSTRUCTED, "it exists");
      case NoSuchFileException gone -> new Problem(Kind.INPUT_OUTPUT, "no such file or directory");
      case FileSystemException other -> ofText(other.getReason(), other);
      default -> ofText(failure.getMessage(), failure);
    };
  }

  private static Problem ofText(@Nullable String reason, IOException failure) {
    String text = reason == null ? String.valueOf(failure.getMessage()) : reason;
    if (text.contains("File name too long")) {
      return Problem.of(Kind.NAME_TOO_LONG);
    }
    if (text.contains("No space left")
        || text.contains("quota exceeded")
        || text.contains(Kind.DISK_FULL.words())) {
      return new Problem(Kind.DISK_FULL, text);
    }
    if (text.contains("Read-only file system")) {
      return Problem.of(Kind.READ_ONLY);
    }
    if (text.contains("not permitted") || text.contains("Permission denied")) {
      return new Problem(Kind.PERMISSION, text);
    }
    if (text.contains("not empty")) {
      return new Problem(Kind.OBSTRUCTED, text);
    }
    if (text.contains("File too large")) {
      return new Problem(Kind.TOO_LARGE, text);
    }
    if (text.contains("not supported")) {
      return new Problem(Kind.UNSUPPORTED, text);
    }
    return new Problem(Kind.INPUT_OUTPUT, text);
  }
}
