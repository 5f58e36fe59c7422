package dev.replicator.net.session;

/** Words of somebody else, made fit for a log and a terminal. */
public final class Text {
  private Text() {}

  /** {@code text} on one line without control characters, cut where it is too long. */
  public static String printable(String text) {
    int end = Math.min(text.length(), SessionLimits.TEXT_CHARACTERS_MAX);
    StringBuilder clean = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char character = text.charAt(i);
      int type = Character.getType(character);
      boolean hidden =
          Character.isISOControl(character)
              || type == Character.FORMAT
              || type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR
              || type == Character.SURROGATE;
      clean.append(hidden ? '?' : character);
    }
    return clean.toString();
  }
}
