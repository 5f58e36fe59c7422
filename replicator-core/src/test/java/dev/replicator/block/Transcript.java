package dev.replicator.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What two emulated machines with DRBD 8.4.11 and OCFS2 printed, verbatim, command by command.
 *
 * @param name of the file, without its ending
 */
record Transcript(String name, List<Run> runs) {
  private static final Path DIRECTORY =
      Path.of("src/test/resources/dev/replicator/block/transcripts");

  /** One command on one node. */
  record Run(String node, String command, int exitCode, String output, String errors) {}

  static List<Transcript> all() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      List<Transcript> transcripts = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        transcripts.add(parse(file));
      }
      return transcripts;
    }
  }

  /** The one whose name begins so. */
  static Transcript of(String begin) throws IOException {
    return all().stream().filter(one -> one.name.startsWith(begin)).findFirst().orElseThrow();
  }

  List<Run> of(String node, String command) {
    return runs.stream()
        .filter(run -> run.node.equals(node) && run.command.equals(command))
        .toList();
  }

  Run last(String node, String command) {
    return of(node, command).getLast();
  }

  private static Transcript parse(Path file) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (String block : Files.readString(file).split("(?m)^=== ", -1)) {
      int output = block.indexOf("\n--- stdout\n");
      int errors = block.indexOf("\n--- stderr");
      String head = block.lines().findFirst().orElse("");
      int dollar = head.indexOf(" $ ");
      if (output < 0 || errors < 0) {
        continue;
      }
      // Nodes' logs are not the output of a command.
      String command =
          dollar < 0 ? head.substring(head.indexOf(' ') + 1) : head.substring(dollar + 3);
      String code = block.replaceFirst("(?s).*?\n--- rc ([0-9]+).*", "$1");
      runs.add(
          new Run(
              head.substring(0, head.indexOf(' ')),
              command,
              Integer.parseInt(code),
              block.substring(Math.min(output + "\n--- stdout\n".length(), errors + 1), errors + 1),
              block
                  .substring(Math.min(errors + "\n--- stderr\n".length(), block.length()))
                  .replaceAll("(?m)^# .*\n", "")));
    }
    String name = file.getFileName().toString();
    return new Transcript(name.substring(0, name.length() - ".txt".length()), runs);
  }
}
