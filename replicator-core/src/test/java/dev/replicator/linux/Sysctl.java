package dev.replicator.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A system-wide setting that is another one for a moment; what it was comes back in any case. */
final class Sysctl implements AutoCloseable {
  private final Path setting;
  private final long before;
  private final Thread restorer = new Thread(this::restore);

  private Sysctl(Path setting, long before) {
    this.setting = setting;
    this.before = before;
  }

  static boolean isAllowed(String name) {
    return Files.isWritable(path(name));
  }

  static Sysctl set(String name, long value) throws IOException {
    Path setting = path(name);
    Sysctl changed = new Sysctl(setting, read(setting));
    if (changed.before <= value) {
      throw new IOException(setting + " is " + changed.before + " already");
    }
    Runtime.getRuntime().addShutdownHook(changed.restorer);
    Files.writeString(setting, Long.toString(value));
    return changed;
  }

  private static Path path(String name) {
    return Path.of("/proc/sys", name.split("\\."));
  }

  /** In one read of enough bytes: the kernel gives only the first piece of a setting. */
  private static long read(Path setting) throws IOException {
    try (BufferedReader file = Files.newBufferedReader(setting)) {
      return Long.parseLong(String.valueOf(file.readLine()).strip());
    }
  }

  private void restore() {
    try {
      Files.writeString(setting, Long.toString(before));
      if (read(setting) != before) {
        throw new IOException("it is " + read(setting));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot restore " + setting + " to " + before, failure);
    }
  }

  @Override
  public void close() {
    restore();
    Runtime.getRuntime().removeShutdownHook(restorer);
  }
}
