package dev.replicator.cli.command;

import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.MessageJson;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;

/** Prints what the daemon says to a command that changed something. */
final class Answers {
  private Answers() {}

  static void print(Console console, String body) {
    String text = ControlJson.read(MessageJson.class, body).text();
    String words = text.isEmpty() ? "done" : text;
    words.lines().map(Text::printable).forEach(console::line);
  }
}
