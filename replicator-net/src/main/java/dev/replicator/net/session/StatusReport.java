package dev.replicator.net.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What there is to say about one peer. */
final class StatusReport {
  private StatusReport() {}

  static PeerStatus of(Remote remote, Collection<String> roots, long nowMillis) {
    Connection live = remote.live;
    String address = remote.peer.address().isEmpty() ? remote.seenAddress : remote.peer.address();
    return new PeerStatus(
        remote.peer.node(),
        remote.peer.name(),
        address,
        live != null,
        remote.sinceMillis,
        TimeUnit.NANOSECONDS.toMicros(remote.rttNanos),
        remote.bytesIn,
        remote.bytesOut,
        remote.lastError,
        remote.callsItself,
        remote.software,
        remote.hasTwin(nowMillis) ? remote.twin : "",
        live == null ? List.of() : matches(live, roots));
  }

  private static List<PeerStatus.Root> matches(Connection live, Collection<String> roots) {
    List<PeerStatus.Root> matches = new ArrayList<>();
    for (String name : roots) {
      boolean there = live.theirRoots().contains(name);
      matches.add(
          new PeerStatus.Root(
              name, there ? PeerStatus.Match.ON_BOTH : PeerStatus.Match.MISSING_THERE));
    }
    for (String name : live.theirRoots()) {
      if (!roots.contains(name)) {
        matches.add(new PeerStatus.Root(name, PeerStatus.Match.MISSING_HERE));
      }
    }
    return matches;
  }
}
