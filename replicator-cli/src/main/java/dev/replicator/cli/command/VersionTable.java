package dev.replicator.cli.command;

import dev.replicator.cli.control.VersionJson;
import dev.replicator.cli.terminal.Text;
import java.util.ArrayList;
import java.util.List;

/** Versions of a path as a table. */
final class VersionTable {
  private static final int DIGEST_CHARACTERS = 12;

  private VersionTable() {}

  static List<String> lines(List<VersionJson> versions) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("VERSION", "WRITER", "WRITTEN", "WHAT", "SIZE", "DIGEST", "HERE", "STATE"));
    for (VersionJson version : versions) {
      rows.add(
          List.of(
              version.version(),
              version.writer().isEmpty() ? "not known" : version.writer(),
              version.writtenAt(),
              version.kind() + version.target().map(text -> " to " + text).orElse(""),
              version.size().isPresent() ? Text.bytes(version.size().getAsLong()) : "-",
              version.digest().map(VersionTable::shortened).orElse("-"),
              version.availableHere() ? "yes" : "no",
              state(version)));
    }
    return Text.table(rows).stream().map(Text::printable).toList();
  }

  private static String state(VersionJson version) {
    if (version.visible()) {
      return "shown";
    }
    return version.reason().isEmpty() ? "hidden" : "hidden, " + version.reason();
  }

  private static String shortened(String digest) {
    return digest.substring(0, Math.min(DIGEST_CHARACTERS, digest.length()));
  }
}
