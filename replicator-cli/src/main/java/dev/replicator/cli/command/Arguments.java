package dev.replicator.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line as raw bytes in strings: UTF-8 where it is, else each byte as a lone surrogate
 * U+DC00 + byte, so that names in any encoding come through whatever the locale.
 */
final class Arguments {
  /** How a path may be given; for help texts. */
  static final String PATH_FORMS =
      "ROOT:path from anywhere; an absolute path; a path below the current directory, when that"
          + " is inside a root; else, with one root only, a path relative to it.";

  private static final char RAW = '\udc00';
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private Arguments() {}

  /** {@code args} read again from the system where it tells them; as they are elsewhere. */
  static String[] raw(String[] args) {
    List<String> words;
    try {
      words = split(Files.readAllBytes(COMMAND_LINE));
    } catch (IOException elsewhere) {
      return args;
    }
    if (words.size() < args.length) {
      return args;
    }
    List<String> last = words.subList(words.size() - args.length, words.size());
    for (int index = 0; index < args.length; index++) {
      boolean ascii = args[index].chars().allMatch(character -> character < 0x80);
      if (ascii && !args[index].equals(last.get(index))) {
        return args;
      }
    }
    return last.toArray(String[]::new);
  }

  private static List<String> split(byte[] line) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int index = 0; index < line.length; index++) {
      if (line[index] == 0) {
        words.add(decode(java.util.Arrays.copyOfRange(line, start, index)));
        start = index + 1;
      }
    }
    return words;
  }

  static String decode(byte[] octets) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException notUtf8) {
      StringBuilder text = new StringBuilder();
      for (byte octet : octets) {
        text.append(octet >= 0 ? (char) octet : (char) (RAW + (octet & 0xff)));
      }
      return text.toString();
    }
  }

  /** The bytes that {@link #decode} was given. */
  static byte[] encode(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(point -> {
          if (point >= RAW + 0x80 && point <= RAW + 0xff) {
            octets.write(point - RAW);
          } else {
            octets.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
          }
        });
    return octets.toByteArray();
  }
}
