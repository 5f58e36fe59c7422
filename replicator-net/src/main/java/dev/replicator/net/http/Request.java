package dev.replicator.net.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a client asks. Values of the query are raw bytes, because names of files travel there.
 *
 * @param path as sent, neither decoded nor cleaned: it is only ever compared
 */
public record Request(String method, String path, Map<String, byte[]> query, byte[] body) {
  /**
   * Takes the target of a request line apart.
   *
   * @throws IllegalArgumentException when its percent-encoding is broken
   */
  public static Request of(String method, String target, byte[] body) {
    int question = target.indexOf('?');
    if (question < 0) {
      return new Request(method, target, Map.of(), body);
    }
    Map<String, byte[]> query = new TreeMap<>();
    String[] pairs = target.substring(question + 1).split("&", HttpLimits.PARAMETERS_MAX + 1);
    if (pairs.length > HttpLimits.PARAMETERS_MAX) {
      throw new IllegalArgumentException("more than " + HttpLimits.PARAMETERS_MAX + " parameters");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
      }
    }
    return new Request(method, target.substring(0, question), query, body);
  }

  public Optional<byte[]> octets(String key) {
    return Optional.ofNullable(query.get(key));
  }

  public Optional<String> text(String key) {
    return octets(key).map(octets -> new String(octets, StandardCharsets.UTF_8));
  }

  /** Percent-encodes raw bytes for a query. */
  public static String encode(byte[] octets) {
    StringBuilder text = new StringBuilder();
    for (byte octet : octets) {
      boolean plain =
          (octet >= 'a' && octet <= 'z')
              || (octet >= 'A' && octet <= 'Z')
              || (octet >= '0' && octet <= '9')
              || "/.-_".indexOf(octet) >= 0;
      if (plain) {
        text.append((char) octet);
      } else {
        text.append('%').append(String.format("%02X", octet & 0xff));
      }
    }
    return text.toString();
  }

  private static byte[] decode(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '%') {
        if (i + 2 >= text.length()) {
          throw new IllegalArgumentException("broken percent-encoding");
        }
        int high = Character.digit(text.charAt(i + 1), 16);
        int low = Character.digit(text.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          throw new IllegalArgumentException("broken percent-encoding");
        }
        octets.write(high << 4 | low);
        i += 2;
      } else if (character > 0x7e) {
        throw new IllegalArgumentException("a query is ASCII");
      } else {
        octets.write(character);
      }
    }
    return octets.toByteArray();
  }
}
