package dev.replicator.linux;

import java.io.IOException;

/**
 * Asks the kernel for a lease of a file, which it gives only while nobody has the file open for
 * writing, a shared writable mapping included. The signal that breaks a lease is made a harmless
 * one first: the usual one ends the process.
 */
final class Lease {
  private static final int F_SETSIG = 10;
  private static final int F_SETLEASE = 1_024;
  private static final int F_RDLCK = 0;
  private static final int SIGURG = 23;

  private Lease() {}

  /** Whether somebody writes to the regular file that is held; false where none can tell. */
  static boolean isRefused(Descriptor object) throws IOException {
    try (Descriptor file =
        PathCalls.reopen(object.number(), PathCalls.READ | PathCalls.NON_BLOCKING)) {
      DescriptorCalls.control(file.number(), F_SETSIG, SIGURG);
      return DescriptorCalls.control(file.number(), F_SETLEASE, F_RDLCK) == -Errno.EAGAIN;
    } catch (Errno failure) {
      if (failure.number() == Errno.EACCES || failure.number() == Errno.EPERM) {
        return false;
      }
      throw failure;
    }
  }
}
