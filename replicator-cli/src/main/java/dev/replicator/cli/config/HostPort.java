package dev.replicator.cli.config;

import java.util.Set;
import java.util.regex.Pattern;

/** A host name or address, and a port: {@code web1:7411}, {@code [::1]:7411}. */
public record HostPort(String host, int port) {
  public static final int PORT_MAX = 65_535;

  private static final int HOST_CHARACTERS_MAX = 253;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final Pattern NUMBERS = Pattern.compile("[0-9a-fA-F:.]+(%[A-Za-z0-9._-]+)?");
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  /**
   * Parses {@code HOST:PORT}.
   *
   * @param portMin 0 where any free port is meant by it, else 1
   * @throws IllegalArgumentException that says in words what is wrong
   */
  public static HostPort parse(String text, int portMin) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("\"" + text + "\" has no port; write HOST:PORT");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (!NUMBERS.matcher(host).matches()) {
        throw new IllegalArgumentException("\"" + host + "\" is no IPv6 address");
      }
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("write an IPv6 address in brackets: [" + host + "]:PORT");
    } else if (host.length() > HOST_CHARACTERS_MAX || !NAME.matcher(host).matches()) {
      throw new IllegalArgumentException("\"" + host + "\" is no host name or address");
    }
    return new HostPort(host, port(text.substring(colon + 1), portMin));
  }

  private static int port(String text, int portMin) {
    String wrong =
        "\"" + text + "\" is no port; it must be a number from " + portMin + " to " + PORT_MAX;
    if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(HostPort::isDigit)) {
      throw new IllegalArgumentException(wrong);
    }
    int port = Integer.parseInt(text);
    if (port < portMin || port > PORT_MAX) {
      throw new IllegalArgumentException(wrong);
    }
    return port;
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  /** Whether it means every address of this machine, so that nobody else can dial it. */
  public boolean isWildcard() {
    return WILDCARDS.contains(host);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
