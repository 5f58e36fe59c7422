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
  private final Map<RelativePath, Hint> gathered = new LinkedHashMap<>();
  private final Set<RelativePath> appeared = new HashSet<>();

  /** What is told of a path. */
  private sealed interface Hint {
    record Changed() implements Hint {}

    record Appeared() implements Hint {}

    record MovedIn() implements Hint {}

    /** What was there is at {@code to} now. */
    record Moved(RelativePath to, boolean directory) implements Hint {}
  }

  private static final Hint CHANGED = new Hint.Changed();
  private static final Hint APPEARED = new Hint.Appeared();
  private static final Hint MOVED_IN = new Hint.MovedIn();

  WatchHints(Listener listener, BooleanSupplier closed) {
    this.listener = listener;
    this.closed = closed;
  }

  /** Whether a name at the top of the root is the engine's own. */
  static boolean isOwn(byte[] name) {
    return Arrays.equals(name, OWN);
  }

  void changed(RelativePath path) {
    gathered.putIfAbsent(path, CHANGED);
  }

  void appeared(RelativePath directory) {
    put(directory, APPEARED);
    appeared.add(directory);
  }

  /** A directory that came from outside of the root. */
  void movedIn(RelativePath directory) {
    put(directory, MOVED_IN);
    appeared.add(directory);
  }

  /** Both halves of one move within the root. */
  void moved(RelativePath from, RelativePath to, boolean directory) {
    put(from, new Hint.Moved(to, directory));
    if (directory) {
      appeared.add(to);
    }
  }

  /** What moved away from {@code path} before still has to be looked at where it went. */
  private void put(RelativePath path, Hint hint) {
    if (gathered.put(path, hint) instanceof Hint.Moved before) {
      if (before.directory()) {
        movedIn(before.to());
      } else {
        changed(before.to());
      }
    }
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
    Map<RelativePath, Hint> batch = new LinkedHashMap<>(gathered);
    Set<RelativePath> whole = Set.copyOf(appeared);
    gathered.clear();
    appeared.clear();
    for (Map.Entry<RelativePath, Hint> hint : batch.entrySet()) {
      if (closed.getAsBoolean()) {
        return;
      }
      tell(hint.getKey(), hint.getValue(), whole);
    }
  }

  private void tell(RelativePath path, Hint hint, Set<RelativePath> whole) {
    boolean covered = isBelow(path, whole);
    switch (hint) {
      case Hint.Moved(RelativePath to, boolean directory) when isBelow(to, whole) ->
          tell(path, CHANGED, whole);
      case Hint.Moved(RelativePath to, boolean directory) when covered ->
          tell(to, directory ? MOVED_IN : CHANGED, whole);
      case Hint.Moved(RelativePath to, boolean directory) -> listener.moved(path, to, directory);
      case Hint.Appeared() when !covered -> listener.appeared(path);
      case Hint.MovedIn() when !covered -> listener.movedIn(path);
      case Hint.Changed() when !covered -> listener.changed(path);
      case Hint.Appeared(), Hint.MovedIn(), Hint.Changed() -> {}
    }
  }

  private static boolean isBelow(RelativePath path, Set<RelativePath> whole) {
    if (whole.isEmpty()) {
      return false;
    }
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
