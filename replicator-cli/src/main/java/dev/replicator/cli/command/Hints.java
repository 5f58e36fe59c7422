package dev.replicator.cli.command;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the commands that a text names work when they are pasted: they get the configuration with
 * which the command was called. Those that are for another node have one of their own there.
 */
final class Hints {
  private static final Pattern HERE =
      Pattern.compile(
          "`replicator (?!demo)([^`]+)`(?![^`;,.:]*\\b(?:there|on both|on its peers)\\b)");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+=:@-]+");

  private Hints() {}

  static String in(String text, Path config) {
    if (config.equals(Path.of(ConfigOption.DEFAULT))) {
      return text;
    }
    String file = config.toString();
    String word = PLAIN.matcher(file).matches() ? file : "'" + file.replace("'", "'\\''") + "'";
    return HERE.matcher(text)
        .replaceAll(hint ->
            Matcher.quoteReplacement("`replicator " + hint.group(1) + " --config " + word + "`"));
  }
}
