package dev.replicator.net.http;

import java.io.IOException;

/** Nobody listens on the socket: the daemon is not running. */
public final class NoDaemonException extends IOException {
  private static final long serialVersionUID = 1L;

  NoDaemonException(String message) {
    super(message);
  }

  NoDaemonException(String message, Throwable cause) {
    super(message, cause);
  }
}
