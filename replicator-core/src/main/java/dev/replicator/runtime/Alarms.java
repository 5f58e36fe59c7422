package dev.replicator.runtime;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an administrator must see: in the log, in the events, and the last of it in the notes. */
final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
  private static final int KEPT_MAX = 20;

  private final String root;
  private final PeerNames names;
  private final Chronicler chronicler;
  private final List<String> kept = new ArrayList<>();

  Alarms(String root, PeerNames names, Chronicler chronicler) {
    this.root = root;
    this.names = names;
    this.chronicler = chronicler;
  }

  /**
   * Of the root's thread.
   *
   * @param standing what the state of the root tells, and not longer than it is so
   */
  void raise(String text, boolean lasting, String standing) {
    if (kept.remove(text)) {
      LOG.debug("root {}: again: {}", root, names.in(text));
    } else {
      LOG.warn("root {}: {}", root, names.in(text));
    }
    if (text.equals(standing)) {
      return;
    }
    chronicler.alarmed(text);
    if (!lasting) {
      return;
    }
    kept.add(text);
    if (kept.size() > KEPT_MAX) {
      kept.removeFirst();
    }
  }

  /** Of the root's thread: with the names that peers have now. */
  List<String> notes() {
    return kept.stream().map(names::in).toList();
  }
}
