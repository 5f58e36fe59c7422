package dev.replicator.filter;

import dev.replicator.model.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern over raw paths, taken apart.
 *
 * <p>Its alternatives are sequences of tokens: a byte, {@link #ANY_BYTE}, {@link #STAR}, {@link
 * #GLOBSTAR} (only as a whole component). Each begins with '/', as a path does for the automaton; a
 * pattern that is not anchored begins with '/' {@link #GLOBSTAR} '/'.
 *
 * @param alternatives what '{a,b}' stands for, written out
 * @param anchored whether it says itself where it applies, by a leading '/' or "**"
 * @param directoryOnly whether it was written with a trailing '/'
 * @param canonical the same text for every way of writing the same pattern
 */
record Pattern(
    List<int[]> alternatives, boolean anchored, boolean directoryOnly, String canonical) {
  static final int STAR = 256;
  static final int ANY_BYTE = 257;
  static final int GLOBSTAR = 258;
  private static final int OPEN = 259;
  private static final int CLOSE = 260;
  private static final int COMMA = 261;

  private static final String SPECIAL = "*?{},[]\\";

  static Pattern parse(String text) throws PatternException {
    int[] tokens = tokens(text);
    boolean slash = tokens.length > 0 && tokens[0] == '/';
    boolean directoryOnly = tokens.length > 1 && tokens[tokens.length - 1] == '/';
    int[] body =
        Arrays.copyOfRange(
            tokens, slash ? 1 : 0, directoryOnly ? tokens.length - 1 : tokens.length);
    if (body.length == 0) {
      throw new PatternException("names nothing below the root");
    }
    boolean anchored = slash || body[0] == GLOBSTAR;
    List<int[]> alternatives = new ArrayList<>();
    for (int[] alternative : writtenOut(body)) {
      alternatives.add(rooted(globstars(alternative), anchored));
    }
    return new Pattern(alternatives, anchored, directoryOnly, canonical(tokens));
  }

  /** Whether only names that somebody typed out are matched, as opposed to a family of names. */
  boolean endsInPlainName() {
    for (int[] alternative : alternatives) {
      for (int index = alternative.length - 1; alternative[index] != '/'; index--) {
        if (alternative[index] > 0xff || alternative[index] == '.') {
          return false;
        }
      }
    }
    return true;
  }

  private static int[] tokens(String text) throws PatternException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Limits.FILTER_PATTERN_BYTES_MAX) {
      throw new PatternException("longer than " + Limits.FILTER_PATTERN_BYTES_MAX + " bytes");
    }
    int[] tokens = new int[bytes.length];
    int count = 0;
    int depth = 0;
    for (int index = 0; index < bytes.length; index++) {
      int token = bytes[index] & 0xff;
      switch (token) {
        case '\\' -> {
          token = escaped(bytes, index);
          index += bytes[index + 1] == 'x' ? 3 : 1;
        }
        case '*' -> {
          boolean two = index + 1 < bytes.length && bytes[index + 1] == '*';
          token = two ? GLOBSTAR : STAR;
          index += two ? 1 : 0;
        }
        case '?' -> token = ANY_BYTE;
        case '{' -> {
          token = OPEN;
          depth++;
        }
        case '}' -> {
          token = CLOSE;
          depth--;
        }
        case ',' -> token = depth > 0 ? COMMA : token;
        case '[', ']' ->
            throw new PatternException("sets are not supported; write \\[ for the character");
        case 0 -> throw new PatternException("holds a NUL");
        default -> {}
      }
      if (depth < 0) {
        throw new PatternException("'}' without '{'");
      }
      tokens[count++] = token;
    }
    if (depth > 0) {
      throw new PatternException("'{' without '}'");
    }
    return Arrays.copyOf(tokens, count);
  }

  private static int escaped(byte[] bytes, int backslash) throws PatternException {
    int next = backslash + 1 < bytes.length ? bytes[backslash + 1] & 0xff : '/';
    int token = next;
    if (next == 'x') {
      int high = backslash + 2 < bytes.length ? Character.digit(bytes[backslash + 2], 16) : -1;
      int low = backslash + 3 < bytes.length ? Character.digit(bytes[backslash + 3], 16) : -1;
      token = high < 0 || low < 0 ? '/' : high * 16 + low;
    } else if (Character.isLetterOrDigit(next)) {
      token = '/';
    }
    if (token == '/' || token == 0) {
      throw new PatternException("a backslash stands before a special character or as \\xNN");
    }
    return token;
  }

  private static List<int[]> writtenOut(int[] tokens) throws PatternException {
    int open = indexOf(tokens, OPEN);
    if (open < 0) {
      return List.of(tokens);
    }
    List<int[]> all = new ArrayList<>();
    int depth = 0;
    int start = open + 1;
    List<int[]> options = new ArrayList<>();
    int index = open;
    do {
      int token = tokens[index];
      depth += token == OPEN ? 1 : token == CLOSE ? -1 : 0;
      if (depth == 0 || (depth == 1 && token == COMMA)) {
        options.add(Arrays.copyOfRange(tokens, start, index));
        start = index + 1;
      }
      index++;
    } while (depth > 0);
    for (int[] option : options) {
      all.addAll(writtenOut(joined(tokens, open, option, index)));
      if (all.size() > Limits.FILTER_ALTERNATIVES_MAX) {
        throw new PatternException("more than " + Limits.FILTER_ALTERNATIVES_MAX + " alternatives");
      }
    }
    return all;
  }

  private static int[] joined(int[] tokens, int before, int[] middle, int after) {
    int[] joined = Arrays.copyOf(tokens, before + middle.length + tokens.length - after);
    System.arraycopy(middle, 0, joined, before, middle.length);
    System.arraycopy(tokens, after, joined, before + middle.length, tokens.length - after);
    return joined;
  }

  private static int indexOf(int[] tokens, int wanted) {
    for (int index = 0; index < tokens.length; index++) {
      if (tokens[index] == wanted) {
        return index;
      }
    }
    return -1;
  }

  /** Checks each component, and leaves one of globstars in a row. */
  private static int[] globstars(int[] tokens) throws PatternException {
    int[] result = new int[tokens.length];
    int count = 0;
    int start = 0;
    for (int end = 0; end <= tokens.length; end++) {
      if (end < tokens.length && tokens[end] != '/') {
        continue;
      }
      int[] component = Arrays.copyOfRange(tokens, start, end);
      start = end + 1;
      checkComponent(component);
      if (component[0] == GLOBSTAR && count > 0 && result[count - 1] == GLOBSTAR) {
        continue;
      }
      if (count > 0) {
        result[count++] = '/';
      }
      System.arraycopy(component, 0, result, count, component.length);
      count += component.length;
    }
    return Arrays.copyOf(result, count);
  }

  private static void checkComponent(int[] component) throws PatternException {
    if (component.length == 0) {
      throw new PatternException("has an empty component");
    }
    boolean dots = component[0] == '.' && component[component.length - 1] == '.';
    if (dots && component.length <= 2) {
      throw new PatternException("has a '.' or '..' component");
    }
    if (component.length > 1 && indexOf(component, GLOBSTAR) >= 0) {
      throw new PatternException("'**' has to stand alone between slashes");
    }
  }

  private static int[] rooted(int[] tokens, boolean anchored) {
    int[] prefix =
        !anchored && tokens[0] != GLOBSTAR ? new int[] {'/', GLOBSTAR, '/'} : new int[] {'/'};
    return joined(prefix, prefix.length, tokens, prefix.length);
  }

  private static String canonical(int[] tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      switch (token) {
        case STAR -> text.append('*');
        case ANY_BYTE -> text.append('?');
        case GLOBSTAR -> text.append("**");
        case OPEN -> text.append('{');
        case CLOSE -> text.append('}');
        case COMMA -> text.append(',');
        default -> appendByte(text, token);
      }
    }
    return text.toString();
  }

  private static void appendByte(StringBuilder text, int octet) {
    if (octet <= ' ' || octet >= 0x7f) {
      text.append(String.format("\\x%02x", octet));
    } else if (SPECIAL.indexOf(octet) >= 0) {
      text.append('\\').append((char) octet);
    } else {
      text.append((char) octet);
    }
  }
}
