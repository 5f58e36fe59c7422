package dev.replicator.net.http;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which Host headers are answered on TCP. A page of another site that makes its name point here can
 * only send that name, so literal addresses and the configured names are all that is let through.
 */
final class HostRule {
  private final Set<String> names = new TreeSet<>();

  HostRule(Set<String> configured) {
    names.add("localhost");
    configured.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
  }

  boolean allows(String header) {
    String host = header.strip().toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end > 0 && NetUtil.isValidIpV6Address(host.substring(1, end));
    }
    int colon = host.indexOf(':');
    String name = colon < 0 ? host : host.substring(0, colon);
    return NetUtil.isValidIpV4Address(name) || names.contains(name);
  }
}
