package dev.replicator.port;

import java.time.Duration;
import java.util.Optional;

/**
 * Whoever started this process and wants to hear how it is, such as systemd. To be told from any
 * thread; what cannot be told is lost, and never a failure of ours.
 */
public interface ServiceManager {
  /** Nobody. */
  ServiceManager NONE = notice -> {};

  /** What there is to tell. */
  sealed interface Notice {
    /** The node serves, from now on or again. */
    record Ready() implements Notice {}

    /** The configuration is read again; {@link Ready} follows. */
    record Reloading() implements Notice {}

    /** What the node does, one line for people. */
    record Status(String text) implements Notice {}

    /** Everything that has to answer did so. */
    record Alive() implements Notice {}

    /** The node ends because it was asked to. */
    record Stopping() implements Notice {}
  }

  void tell(Notice notice);

  /** Within what time {@link Notice.Alive} has to follow the one before, if it has to. */
  default Optional<Duration> watchdog() {
    return Optional.empty();
  }
}
