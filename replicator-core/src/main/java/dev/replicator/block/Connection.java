package dev.replicator.block;

/** How DRBD is connected with the peer. */
public enum Connection implements Keyword {
  /** It does not try, and nobody but an administrator may make it. */
  STAND_ALONE("StandAlone"),
  DISCONNECTING("Disconnecting"),
  UNCONNECTED("Unconnected"),
  TIMEOUT("Timeout"),
  BROKEN_PIPE("BrokenPipe"),
  NETWORK_FAILURE("NetworkFailure"),
  PROTOCOL_ERROR("ProtocolError"),
  TEAR_DOWN("TearDown"),
  /** It waits for the peer; {@code WFConnection} in {@code /proc/drbd}. */
  CONNECTING("Connecting"),
  CONNECTED("Connected");

  private final String text;

  Connection(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
