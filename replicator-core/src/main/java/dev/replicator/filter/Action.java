package dev.replicator.filter;

import java.util.Locale;
import java.util.Optional;

/** What a rule does with the paths that its pattern covers. */
public enum Action {
  /** Takes them back from an earlier rule. */
  REPLICATE,
  /** Leaves them to each node. */
  LOCAL,
  /** Leaves them to each node and tells the user why replicating them would do harm. */
  REFUSE;

  /** The word that begins a rule. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Action> ofWord(String word) {
    for (Action action : values()) {
      if (action.word().equals(word)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }
}
