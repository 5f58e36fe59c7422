package dev.replicator.net.session;

/**
 * A host and a port: {@code web1:7411}, {@code 203.0.113.7:7411}, {@code [2001:db8::7]:7411}.
 *
 * @param host a name or an address, without brackets; empty for all addresses of this machine
 */
public record Address(String host, int port) {
  private static final int PORT_MAX = 65_535;

  public Address {
    if (port < 0 || port > PORT_MAX) {
      throw new IllegalArgumentException("a port is 0 to " + PORT_MAX + ", not " + port);
    }
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException which says what is wrong with {@code text}
   */
  public static Address parse(String text) {
    String trimmed = text.strip();
    if (trimmed.length() > SessionLimits.ADDRESS_CHARACTERS_MAX) {
      throw new IllegalArgumentException("an address of " + trimmed.length() + " characters");
    }
    int colon = trimmed.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "an address is host:port, and \"" + printable(trimmed) + "\" has no port");
    }
    String host = host(trimmed.substring(0, colon));
    String digits = trimmed.substring(colon + 1);
    if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(Address::isDigit)) {
      throw new IllegalArgumentException("\"" + printable(digits) + "\" is not a port");
    }
    return new Address(host, Integer.parseInt(digits));
  }

  /** Whether this names no single machine and so can be listened on but not dialled. */
  public boolean isWildcard() {
    return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::") || host.equals("*");
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }

  private static String host(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      String inside = text.substring(1, text.length() - 1);
      if (!inside.contains(":") || !inside.chars().allMatch(Address::isOfIpV6)) {
        throw new IllegalArgumentException("\"" + printable(inside) + "\" is not an IPv6 address");
      }
      return inside;
    }
    if (text.contains(":")) {
      throw new IllegalArgumentException(
          "an IPv6 address stands in brackets: [" + printable(text) + "]:port");
    }
    if (!text.chars().allMatch(Address::isOfHost)) {
      throw new IllegalArgumentException("\"" + printable(text) + "\" is not a host");
    }
    return text.equals("*") ? "" : text;
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  private static boolean isOfIpV6(int character) {
    return isDigit(character)
        || (character >= 'a' && character <= 'f')
        || (character >= 'A' && character <= 'F')
        || character == ':'
        || character == '.'
        || character == '%';
  }

  private static boolean isOfHost(int character) {
    return isDigit(character)
        || (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || character == '.'
        || character == '-'
        || character == '_'
        || character == '*';
  }

  private static String printable(String text) {
    return Text.printable(text);
  }
}
