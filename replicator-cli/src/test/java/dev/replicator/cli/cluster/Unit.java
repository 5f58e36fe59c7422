package dev.replicator.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A unit of the distribution. */
record Unit(String name, List<String> lines) {
  static final String NAME = "replicator.service";

  private static final String INSTALLED = "/opt/replicator";

  static Unit read() throws IOException {
    return named(NAME);
  }

  static Unit named(String name) throws IOException {
    Path file = module().resolve("src/main/dist/systemd").resolve(name);
    return new Unit(name, Files.readAllLines(file));
  }

  private static Path module() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("replicator-cli")) ? here.resolve("replicator-cli") : here;
  }

  /** As if the distribution were unpacked elsewhere. */
  Unit installedAt(String directory) {
    return new Unit(name, lines.stream().map(line -> line.replace(INSTALLED, directory)).toList());
  }

  /** Where the launcher is in a checkout. */
  static Path checkout() {
    return module().resolveSibling("");
  }

  Path writeInto(Path directory) throws IOException {
    return Files.write(directory.resolve(name), lines);
  }

  String value(String key) {
    return values(key).findFirst().orElseThrow(() -> new AssertionError(key + " is not set"));
  }

  private Stream<String> values(String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1));
  }

  /** As setpriv names them. */
  List<String> capabilities() {
    return values("CapabilityBoundingSet")
        .flatMap(value -> Arrays.stream(value.split(" ")))
        .map(name -> name.substring("CAP_".length()).toLowerCase(Locale.ROOT))
        .toList();
  }
}
