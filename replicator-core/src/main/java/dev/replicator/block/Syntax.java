package dev.replicator.block;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a value must look like before it may stand in a file or an argument of DRBD and OCFS2. Their
 * parsers accept nonsense (transcript 30), so that nothing is left to them. Every method gives back
 * its argument, or throws {@link IllegalArgumentException} with the reason.
 */
public final class Syntax {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
  private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9]+");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9._:+@-]*)+");
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._+/=-]+");
  private static final Pattern OPTION = Pattern.compile("[a-z_]+(=[A-Za-z0-9_-]+)?");

  /** Words that begin something else in the files of DRBD. */
  private static final Set<String> RESERVED =
      Set.of(
          "all",
          "none",
          "common",
          "global",
          "floating",
          "resource",
          "on",
          "net",
          "disk",
          "options",
          "handlers",
          "startup",
          "connection",
          "volume",
          "include",
          "skip",
          "template-file");

  /** Those of mount and OCFS2 that change nothing of what the driver relies on. */
  private static final Set<String> OPTIONS_ALLOWED =
      Set.of(
          "noatime",
          "relatime",
          "nodiratime",
          "strictatime",
          "nodev",
          "nosuid",
          "noexec",
          "sync",
          "dirsync",
          "acl",
          "noacl",
          "user_xattr",
          "nouser_xattr",
          "atime_quantum",
          "commit",
          "localalloc",
          "resv_level",
          "dir_resv_level",
          "coherency",
          "usrquota",
          "grpquota",
          "_netdev");

  private Syntax() {}

  public static String resource(String text) {
    matching(text, NAME, BlockLimits.NAME_CHARACTERS_MAX, "letters, digits, '_' or '-'");
    return RESERVED.contains(text) || text.matches("[0-9]+")
        ? refuse(text, "is a word or a number of drbdadm itself")
        : text;
  }

  /** As {@code uname -n} prints it, which DRBD compares with. */
  public static String host(String text) {
    return matching(text, HOST, BlockLimits.NAME_CHARACTERS_MAX, "letters, digits, '.' or '-'");
  }

  public static String cluster(String text) {
    return matching(text, CLUSTER, BlockLimits.CLUSTER_CHARACTERS_MAX, "letters and digits");
  }

  public static String label(String text) {
    return matching(text, NAME, BlockLimits.LABEL_CHARACTERS_MAX, "letters, digits, '_' or '-'");
  }

  /** An absolute path without anything that a shell or a parser could take for more. */
  public static String path(String text) {
    return matching(
        text,
        PATH,
        BlockLimits.PATH_CHARACTERS_MAX,
        "letters, digits and . _ : + @ - between slashes, beginning with /");
  }

  /** A backing disk. DRBD on DRBD is not driven. */
  public static String disk(String text) {
    path(text);
    if (!text.startsWith("/dev/")) {
      return refuse(text, "must lie below /dev");
    }
    return text.startsWith("/dev/drbd") ? refuse(text, "is a device of DRBD itself") : text;
  }

  public static String mountOption(String text) {
    matching(text, OPTION, BlockLimits.NAME_CHARACTERS_MAX, "an option of mount, as noatime");
    String name = text.replaceFirst("=.*", "");
    return OPTIONS_ALLOWED.contains(name)
        ? text
        : refuse(text, "is none of the options that may be set: " + new TreeSet<>(OPTIONS_ALLOWED));
  }

  static String secret(String text) {
    if (text.length() < BlockLimits.SECRET_CHARACTERS_MIN
        || text.length() > BlockLimits.SECRET_CHARACTERS_MAX
        || !SECRET.matcher(text).matches()) {
      // The text itself must not reach a log.
      throw new IllegalArgumentException(
          "the secret must be "
              + BlockLimits.SECRET_CHARACTERS_MIN
              + " to "
              + BlockLimits.SECRET_CHARACTERS_MAX
              + " letters, digits or . _ + / = -");
    }
    return text;
  }

  private static String matching(String text, Pattern pattern, int charactersMax, String shape) {
    return text.length() <= charactersMax && pattern.matcher(text).matches()
        ? text
        : refuse(text, "must be at most " + charactersMax + " characters: " + shape);
  }

  private static String refuse(String text, String reason) {
    throw new IllegalArgumentException("\"" + text + "\" " + reason);
  }
}
