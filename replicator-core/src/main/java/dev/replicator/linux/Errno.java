package dev.replicator.linux;

import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.port.TreeException;
import java.io.IOException;

/*
 * Many are expected, as a name that is not there, and to take the trace costs more than the call.
 * What wraps one for others has a trace of its own, and the message tells which call it was.
 */

/** A system call that failed, by its error number: no text of any language is read. */
final class Errno extends IOException {
  static final String RENAME = "renameat2";

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ENXIO = 6;
  static final int E2BIG = 7;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int EXDEV = 18;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ETXTBSY = 26;
  static final int EFBIG = 27;
  static final int ENOSPC = 28;
  static final int EROFS = 30;
  static final int EMLINK = 31;
  static final int ERANGE = 34;
  static final int ENAMETOOLONG = 36;
  static final int ENOSYS = 38;
  static final int ENOTEMPTY = 39;
  static final int ELOOP = 40;
  static final int ENODATA = 61;
  static final int EOPNOTSUPP = 95;
  static final int EDQUOT = 122;

  private static final long serialVersionUID = 1L;

  private final int number;
  private final String call;

  Errno(int number, String call) {
    super(call + ": " + problemOf(number, call));
    this.number = number;
    this.call = call;
  }

  /** None: see above. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /** The result of {@code call}, which is negative for a failure. */
  static int check(int result, String call) throws Errno {
    if (result < 0) {
      throw new Errno(-result, call);
    }
    return result;
  }

  /** The result of {@code call}, which is negative for a failure. */
  static long check(long result, String call) throws Errno {
    if (result < 0) {
      throw new Errno((int) -result, call);
    }
    return result;
  }

  int number() {
    return number;
  }

  /** Whether a name, or a directory on the way to it, is not there as such. */
  boolean isGone() {
    return number == ENOENT || number == ENOTDIR || number == ELOOP;
  }

  static Problem problemOf(IOException failure) {
    return failure instanceof Errno errno
        ? problemOf(errno.number, errno.call)
        : TreeException.problemOf(failure);
  }

  static TreeException treeException(IOException failure) {
    return new TreeException(problemOf(failure), failure);
  }

  private static Problem problemOf(int number, String call) {
    return switch (number) {
      case EPERM -> new Problem(Kind.PERMISSION, "operation not permitted");
      case EACCES -> Problem.of(Kind.PERMISSION);
      case ENOENT -> new Problem(Kind.INPUT_OUTPUT, "no such file or directory");
      case ENOTDIR -> new Problem(Kind.OBSTRUCTED, "not a directory");
      case ELOOP -> new Problem(Kind.OBSTRUCTED, "a symbolic link in the place of a directory");
      case EEXIST -> new Problem(Kind.OBSTRUCTED, "it exists");
      case ENOTEMPTY -> new Problem(Kind.OBSTRUCTED, "directory not empty");
      case EISDIR -> new Problem(Kind.OBSTRUCTED, "a directory");
      case EXDEV ->
          call.equals(RENAME)
              ? new Problem(Kind.OBSTRUCTED, "no rename leads over file systems, mounts or quotas")
              : new Problem(Kind.SPECIAL, "beyond a mount point");
      case EBUSY -> new Problem(Kind.OBSTRUCTED, "in use, or a mount point");
      case ENFILE, EMFILE -> new Problem(Kind.INPUT_OUTPUT, "too many open files");
      case EAGAIN, ETXTBSY -> Problem.of(Kind.BUSY);
      case EFBIG -> new Problem(Kind.TOO_LARGE, "file too large for this file system");
      case E2BIG -> new Problem(Kind.TOO_LARGE, "extended attributes");
      case ENOSPC -> Problem.of(Kind.DISK_FULL);
      case EDQUOT -> new Problem(Kind.DISK_FULL, "quota exceeded");
      case EROFS -> Problem.of(Kind.READ_ONLY);
      case ENAMETOOLONG -> Problem.of(Kind.NAME_TOO_LONG);
      case ENOSYS, EOPNOTSUPP, EINVAL -> new Problem(Kind.UNSUPPORTED, "error " + number);
      default -> new Problem(Kind.INPUT_OUTPUT, "error " + number);
    };
  }
}
