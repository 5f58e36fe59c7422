package dev.replicator.linux;

import dev.replicator.port.ServiceManager;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The protocol is that of sd_notify(3): datagrams of lines NAME=VALUE to a socket that the
 * environment names. The name is a path or, after an @, a name of its own; it is the manager's, not
 * one of a tree, so the kernel may follow it as it likes.
 */

/** The service manager that speaks the protocol of systemd, for the life of this process. */
public final class SystemdService implements ServiceManager {
  private static final Logger LOG = LoggerFactory.getLogger(SystemdService.class);
  private static final String SOCKET = "NOTIFY_SOCKET";
  private static final String WATCHDOG_MICROS = "WATCHDOG_USEC";
  private static final String WATCHDOG_PROCESS = "WATCHDOG_PID";

  /** A manager that does not read must not hold up the node. */
  private static final long SEND_SECONDS_MAX = 1;

  private static final int STATUS_CHARS_MAX = 500;

  private final Descriptor socket;
  private final byte[] name;
  private final Optional<Duration> watchdog;
  private volatile boolean heard = true;

  private SystemdService(Descriptor socket, byte[] name, Optional<Duration> watchdog) {
    this.socket = socket;
    this.name = name;
    this.watchdog = watchdog;
  }

  /**
   * The manager that {@code environment} names, or none.
   *
   * @param process the id of this process: a watchdog may be meant for another one
   */
  public static ServiceManager of(Map<String, String> environment, long process) {
    String address = environment.getOrDefault(SOCKET, "");
    if (address.isEmpty()) {
      return NONE;
    }
    byte[] name = address.getBytes(StandardCharsets.UTF_8);
    boolean path = name[0] == '/';
    if (!path && name[0] != '@' || name.length > SocketCalls.NAME_BYTES_MAX) {
      LOG.warn("{} is no address of a socket: {}", SOCKET, address);
      return NONE;
    }
    name[0] = path ? name[0] : 0;
    try {
      return new SystemdService(
          SocketCalls.datagrams(SEND_SECONDS_MAX), name, watchdog(environment, process));
    } catch (Errno failure) {
      LOG.warn("the service manager is told nothing: {}", failure.getMessage());
      return NONE;
    }
  }

  private static Optional<Duration> watchdog(Map<String, String> environment, long process) {
    String micros = environment.getOrDefault(WATCHDOG_MICROS, "");
    String meant = environment.getOrDefault(WATCHDOG_PROCESS, Long.toString(process));
    if (micros.isEmpty() || !meant.equals(Long.toString(process))) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(micros);
      if (number > 0) {
        return Optional.of(Duration.ofNanos(Math.multiplyExact(number, 1_000L)));
      }
    } catch (NumberFormatException | ArithmeticException wrong) {
      // Told below.
    }
    LOG.warn("{} is no time: {}", WATCHDOG_MICROS, micros);
    return Optional.empty();
  }

  @Override
  public void tell(Notice notice) {
    try {
      SocketCalls.send(socket, name, text(notice).getBytes(StandardCharsets.UTF_8));
      heard = true;
    } catch (Errno failure) {
      if (heard) {
        LOG.warn("cannot tell the service manager: {}", failure.getMessage());
      }
      heard = false;
    }
  }

  private static String text(Notice notice) {
    return switch (notice) {
      case Notice.Ready ready -> "READY=1";
      case Notice.Reloading reloading -> "RELOADING=1\nMONOTONIC_USEC=" + monotonicMicros();
      case Notice.Status status -> "STATUS=" + line(status.text());
      case Notice.Alive alive -> "WATCHDOG=1";
      case Notice.Stopping stopping -> "STOPPING=1";
    };
  }

  /** What CLOCK_MONOTONIC says: the JVM takes its nanoseconds from it on Linux. */
  private static long monotonicMicros() {
    return System.nanoTime() / 1_000;
  }

  private static String line(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.substring(0, Math.min(line.length(), STATUS_CHARS_MAX));
  }

  @Override
  public Optional<Duration> watchdog() {
    return watchdog;
  }
}
