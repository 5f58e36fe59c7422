package dev.replicator.cli.config;

/** How large a configuration may be. */
final class ConfigLimits {
  static final int FILE_BYTES_MAX = 256 * 1_024;
  static final int FILES_MAX = 256;
  static final int ERRORS_MAX = 100;
  static final int NESTING_MAX = 8;
  static final int NAME_CHARACTERS_MAX = 64;
  static final int PATTERNS_MAX = 1_000;
  static final int PATTERN_CHARACTERS_MAX = 4_096;
  static final int ARGUMENTS_MAX = 64;
  static final int ARGUMENT_CHARACTERS_MAX = 4_096;
  static final int AFTER_APPLY_SECONDS_DEFAULT = 30;
  static final int AFTER_APPLY_SECONDS_MAX = 600;
  static final int SETTLE_MILLIS_MAX = 60_000;
  static final int SCAN_MINUTES_MAX = 7 * 24 * 60;
  static final long READY_LAG_MILLIS_MAX = 24L * 60 * 60 * 1_000;

  /** What fits into the address of a Unix socket on every system, with room to spare. */
  static final int SOCKET_PATH_BYTES_MAX = 100;

  private ConfigLimits() {}
}
