package dev.replicator.linux;

import java.io.IOException;
import java.util.Optional;

/**
 * A lease of a file, which the kernel gives only while nobody has the file open for writing, a
 * shared writable mapping included. While it is held whoever wants to write waits: it is never held
 * for longer than a few calls.
 */
final class Lease implements AutoCloseable {
  private static final int F_SETSIG = 10;
  private static final int F_SETLEASE = 1_024;
  private static final int F_RDLCK = 0;

  /** Who wants to write breaks a lease by a signal; the usual one would end the process. */
  private static final int SIGURG = 23;

  private final Optional<Descriptor> file;
  private final int answer;

  private Lease(Optional<Descriptor> file, int answer) {
    this.file = file;
    this.answer = answer;
  }

  /** Asks for a lease of the regular file that is held. It ends when it is closed. */
  static Lease ask(Descriptor object) throws IOException {
    Descriptor file;
    try {
      file = PathCalls.reopen(object.number(), PathCalls.READ | PathCalls.NON_BLOCKING);
    } catch (Errno failure) {
      if (failure.number() == Errno.EACCES || failure.number() == Errno.EPERM) {
        return new Lease(Optional.empty(), -failure.number());
      }
      throw failure;
    }
    int answer = DescriptorCalls.control(file.number(), F_SETSIG, SIGURG);
    if (answer == 0) {
      answer = DescriptorCalls.control(file.number(), F_SETLEASE, F_RDLCK);
    }
    return new Lease(Optional.of(file), answer);
  }

  /** Whether nobody can write now. */
  boolean isGiven() {
    return answer == 0;
  }

  /** Whether somebody has it open for writing; false where none can tell. */
  boolean isRefused() {
    return answer == -Errno.EAGAIN;
  }

  /** Whether somebody writes to the regular file that is held; false where none can tell. */
  static boolean isRefused(Descriptor object) throws IOException {
    try (Lease lease = ask(object)) {
      return lease.isRefused();
    }
  }

  @Override
  public void close() {
    file.ifPresent(Descriptor::close);
  }
}
