package dev.replicator.cli.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** So many bytes in a second, written as {@code 10MiB/s} or {@code 100Mbit/s}. */
public record Bandwidth(long bytesPerSecond) {
  /** Below this a chunk would take so long that the peer thinks that nothing comes any more. */
  public static final long BYTES_PER_SECOND_MIN = 64 * 1_024;

  public static final long BYTES_PER_SECOND_MAX = 1L << 40;

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8}) ?([A-Za-z]+/s)");
  private static final Map<String, Unit> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("GiB/s", new Unit(1L << 30, 1));
    UNITS.put("MiB/s", new Unit(1L << 20, 1));
    UNITS.put("KiB/s", new Unit(1L << 10, 1));
    UNITS.put("GB/s", new Unit(1_000_000_000, 1));
    UNITS.put("MB/s", new Unit(1_000_000, 1));
    UNITS.put("kB/s", new Unit(1_000, 1));
    UNITS.put("Gbit/s", new Unit(1_000_000_000, 8));
    UNITS.put("Mbit/s", new Unit(1_000_000, 8));
    UNITS.put("kbit/s", new Unit(1_000, 8));
  }

  /** A unit is {@code times / parts} bytes per second. */
  private record Unit(long times, long parts) {}

  /**
   * Parses a whole number and its unit.
   *
   * @throws IllegalArgumentException that says in words what is wrong
   */
  public static Bandwidth parse(String text) {
    Matcher form = FORM.matcher(text);
    Unit unit = form.matches() ? UNITS.get(form.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" must be a whole number and one of "
              + String.join(", ", UNITS.keySet())
              + ", such as \"10MiB/s\"");
    }
    long bytes = Long.parseLong(form.group(1)) * unit.times() / unit.parts();
    if (bytes < BYTES_PER_SECOND_MIN || bytes > BYTES_PER_SECOND_MAX) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" must be from "
              + new Bandwidth(BYTES_PER_SECOND_MIN)
              + " to "
              + new Bandwidth(BYTES_PER_SECOND_MAX)
              + "; without the key there is no limit");
    }
    return new Bandwidth(bytes);
  }

  /** As the smallest whole number that it is in a unit of bytes. */
  @Override
  public String toString() {
    return UNITS.entrySet().stream()
        .filter(unit -> unit.getValue().parts() == 1)
        .filter(unit -> bytesPerSecond % unit.getValue().times() == 0)
        .max(Comparator.comparingLong(unit -> unit.getValue().times()))
        .map(unit -> bytesPerSecond / unit.getValue().times() + unit.getKey())
        .orElse(bytesPerSecond + "B/s");
  }
}
