package dev.replicator.linux;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher.Listener;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The hints of one batch of events, each path once. Used by one thread at a time. */
final class WatchHints {
  /** The engine's own at the top of a root, of which nothing is told. */
  static final RelativePath OWN_DIRECTORY = RelativePath.of(".replicator");

  private static final byte[] OWN = OWN_DIRECTORY.name();

  private final Listener listener;
  private final BooleanSupplier closed;
  private final Map<RelativePath, Boolean> gathered = new LinkedHashMap<>();
  private final Set<RelativePath> appeared = new HashSet<>();

  WatchHints(Listener listener, BooleanSupplier closed) {
    this.listener = listener;
    this.closed = closed;
  }

  /** Whether a name at the top of the root is the engine's own. */
  static boolean isOwn(byte[] name) {
    return Arrays.equals(name, OWN);
  }

  void changed(RelativePath path) {
    gathered.putIfAbsent(path, false);
  }

  void appeared(RelativePath directory) {
    gathered.put(directory, true);
    appeared.add(directory);
  }

  /** Forgets what was gathered: the listener could not take it. */
  void clear() {
    gathered.clear();
    appeared.clear();
  }

  /** Tells what was gathered, then that everything below {@code scope} is to be looked at. */
  void suspect(RelativePath scope, String reason) {
    flush();
    if (!closed.getAsBoolean()) {
      listener.suspect(scope, reason);
    }
  }

  void failed(String reason) {
    flush();
    if (!closed.getAsBoolean()) {
      listener.failed(reason);
    }
  }

  /**
   * Tells what was gathered. What lies below a directory that appeared needs no words of its own:
   * all of that directory is looked at after this.
   */
  void flush() {
    if (gathered.isEmpty()) {
      return;
    }
    Map<RelativePath, Boolean> batch = new LinkedHashMap<>(gathered);
    Set<RelativePath> whole = Set.copyOf(appeared);
    gathered.clear();
    appeared.clear();
    for (Map.Entry<RelativePath, Boolean> hint : batch.entrySet()) {
      if (closed.getAsBoolean()) {
        return;
      }
      if (whole.isEmpty() || !isBelow(hint.getKey(), whole)) {
        tell(hint.getKey(), hint.getValue());
      }
    }
  }

  private void tell(RelativePath path, boolean directory) {
    if (directory) {
      listener.appeared(path);
    } else {
      listener.changed(path);
    }
  }

  private static boolean isBelow(RelativePath path, Set<RelativePath> whole) {
    RelativePath at = path;
    while (!at.isRoot()) {
      at = at.parent();
      if (whole.contains(at)) {
        return true;
      }
    }
    return false;
  }
}
