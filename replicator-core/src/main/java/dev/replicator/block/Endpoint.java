package dev.replicator.block;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 address and a port. A name is refused: neither DRBD nor o2cb resolves one, and the parser
 * of 8.4 lets 10.66.0.300 pass (transcript 30).
 */
public record Endpoint(String address, int port) {
  private static final Pattern TEXT = Pattern.compile("([0-9.]{7,15}):([0-9]{1,5})");
  private static final Pattern ADDRESS =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

  /** Neither any nor this host, no group and no broadcast. */
  private static final Pattern OF_ONE_NODE =
      Pattern.compile("(?!0\\.|127\\.|22[4-9]\\.|23[0-9]\\.|24[0-9]\\.|25[0-5]\\.).*");

  private static final int PORT_MAX = 65_535;

  public Endpoint {
    if (!ADDRESS.matcher(address).matches() || !OF_ONE_NODE.matcher(address).matches()) {
      throw new IllegalArgumentException("\"" + address + "\" is no IPv4 address of a node");
    }
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException(port + " is no port");
    }
  }

  /** Parses {@code 10.66.0.1:7788}. */
  public static Endpoint parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" must be an IPv4 address and a port, as 10.66.0.1:7788");
    }
    return new Endpoint(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String toString() {
    return address + ":" + port;
  }
}
