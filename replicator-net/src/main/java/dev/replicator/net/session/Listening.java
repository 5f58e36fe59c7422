package dev.replicator.net.session;

import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;

/** Why an address cannot be listened on, with what to do about it. */
public final class Listening {
  private Listening() {}

  public static ListenException failure(Object address, Throwable cause) {
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("already in use")) {
      return new ListenException(
          ListenException.Cause.PORT_IN_USE,
          address
              + " is in use: another daemon runs already, or another program has the port;"
              + " stop it or configure another one",
          cause);
    }
    if (text.contains("cannot assign") || cause instanceof UnresolvedAddressException) {
      return new ListenException(
          ListenException.Cause.ADDRESS_NOT_HERE,
          address + " is no address of this machine: configure one of its own, or 0.0.0.0",
          cause);
    }
    if (text.contains("permission denied")) {
      return new ListenException(
          ListenException.Cause.NOT_ALLOWED,
          "this account may not listen on " + address + ": configure a port above 1023",
          cause);
    }
    return new ListenException(
        ListenException.Cause.OTHER, "cannot listen on " + address + ": " + cause, cause);
  }
}
