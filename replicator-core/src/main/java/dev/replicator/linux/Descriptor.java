package dev.replicator.linux;

/** A file descriptor that we opened and nobody else knows. Closed once, however often asked. */
final class Descriptor implements AutoCloseable {
  private int number;

  Descriptor(int number) {
    this.number = number;
  }

  /**
   * What the kernel knows it by, until it is closed: then the number is somebody else's.
   *
   * @throws IllegalStateException when it is closed
   */
  synchronized int number() {
    if (number < 0) {
      throw new IllegalStateException("the descriptor is closed");
    }
    return number;
  }

  synchronized boolean isOpen() {
    return number >= 0;
  }

  @Override
  public synchronized void close() {
    int open = number;
    number = -1;
    if (open >= 0) {
      DescriptorCalls.close(open);
    }
  }
}
