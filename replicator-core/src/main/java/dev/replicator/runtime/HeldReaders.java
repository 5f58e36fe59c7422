package dev.replicator.runtime;

import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import java.util.TreeSet;

/** The peers that are not read from while a root has too much to work off. Of its thread. */
final class HeldReaders {
  static final int MAILBOX_HIGH = 4_096;
  private static final int MAILBOX_LOW = 1_024;

  private final Mailbox mailbox;
  private final PeerLink link;
  private final TreeSet<NodeId> held = new TreeSet<>();

  HeldReaders(Mailbox mailbox, PeerLink link) {
    this.mailbox = mailbox;
    this.link = link;
  }

  /** A peer may not fill the mailbox faster than it is worked off. */
  void heardOf(NodeId peer) {
    if (mailbox.size() > MAILBOX_HIGH) {
      held.add(peer);
      // Of one that is held, too: a session that began since then is read from.
      link.pauseReading(peer, true);
    }
  }

  void releaseWhereThereIsRoom() {
    if (!held.isEmpty() && mailbox.size() < MAILBOX_LOW) {
      release();
    }
  }

  /** Also when the root ends: other roots have the same connections. */
  void release() {
    held.forEach(peer -> link.pauseReading(peer, false));
    held.clear();
  }
}
