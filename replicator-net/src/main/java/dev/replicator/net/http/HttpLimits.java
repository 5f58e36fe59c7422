package dev.replicator.net.http;

/** Bounds of what a client of the daemon's address can ask for. */
public final class HttpLimits {
  public static final int BODY_BYTES_MAX = 1_024 * 1_024;

  /** On the Unix socket: the longest path of a file, percent-encoded, with room to spare. */
  static final int LOCAL_LINE_BYTES_MAX = 256 * 1_024;

  /** What fits into such a line beside the method and the version. */
  static final int LOCAL_TARGET_CHARACTERS_MAX = LOCAL_LINE_BYTES_MAX - 100;

  static final int REMOTE_LINE_BYTES_MAX = 8 * 1_024;
  static final int HEADERS_BYTES_MAX = 16 * 1_024;
  static final int PARAMETERS_MAX = 64;
  static final int LOCAL_CONNECTIONS_MAX = 64;
  static final int REMOTE_CONNECTIONS_MAX = 128;

  /** From one answer, or the beginning, to the end of the next request. */
  static final int REQUEST_MILLIS_MAX = 30_000;

  /** A client that reads nothing for this long is cut off. */
  static final int WRITE_MILLIS_MAX = 60_000;

  /** A Unix socket's path has to fit into 108 bytes, also while it is staged. */
  public static final int SOCKET_PATH_BYTES_MAX = 100;

  static final int ANSWER_BYTES_MAX = 256 * 1_024 * 1_024;
  static final int ANSWER_LINE_BYTES_MAX = 4 * 1_024 * 1_024;

  private HttpLimits() {}
}
