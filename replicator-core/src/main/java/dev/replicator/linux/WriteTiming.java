package dev.replicator.linux;

import java.time.Duration;

/**
 * When files are told that somebody writes to and does not close.
 *
 * @param gathered so long writes wait in the kernel's queue before they are read
 * @param pause a file is told once nobody wrote to it for so long
 * @param longest it is told so long after the first write, though the writer never pauses
 */
record WriteTiming(Duration gathered, Duration pause, Duration longest) {
  static final WriteTiming STANDARD =
      new WriteTiming(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(30));
}
