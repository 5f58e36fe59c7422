package dev.replicator.host;

import dev.replicator.port.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The clock of this machine; what the kernel does not tell is made up once for each process. */
public final class MachineClock implements Clock {
  private final String bootId;
  private final long bootMillis;

  private MachineClock(String bootId, long bootMillis) {
    this.bootId = bootId;
    this.bootMillis = bootMillis;
  }

  public static MachineClock open() {
    return open(Path.of("/proc"));
  }

  static MachineClock open(Path proc) {
    // Without a boot id every start counts as a new boot: more is read again, nothing is lost.
    String bootId =
        firstLine(proc.resolve("sys/kernel/random/boot_id"))
            .orElseGet(() -> UUID.randomUUID().toString());
    return new MachineClock(bootId, bootMillis(proc.resolve("stat")));
  }

  private static Optional<String> firstLine(Path file) {
    return lines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).findFirst();
  }

  private static long bootMillis(Path stat) {
    return lines(stat).stream()
        .filter(line -> line.matches("btime \\d{1,15}"))
        .mapToLong(line -> Long.parseLong(line.substring("btime ".length())) * 1_000)
        .findFirst()
        .orElse(0);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException notLinux) {
      return List.of();
    }
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }

  @Override
  public String bootId() {
    return bootId;
  }

  @Override
  public long bootMillis() {
    return bootMillis;
  }
}
