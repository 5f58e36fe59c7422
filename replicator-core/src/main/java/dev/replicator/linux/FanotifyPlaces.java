package dev.replicator.linux;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/*
 * The kernel is asked where a directory is now, and the answer kept. Whenever a directory moved
 * in, into or out of the root, all answers are dropped: they may be older than that move. Between
 * a move and its event an answer may be late or early by that move; then the event comes and makes
 * all below the new place suspect.
 */

/** Finds out where below the root a directory is of which only the handle is known. */
final class FanotifyPlaces {
  private static final int KEPT_MAX = 8_192;

  private final WatchPaths paths;
  private final Map<Bytes, Place> inside = new HashMap<>();
  private final Map<Bytes, Place> outside = new HashMap<>();

  /** Where a directory is. */
  sealed interface Place {
    /** At this path. */
    record At(RelativePath path) implements Place {}

    /** Somewhere below this path: deeper than the kernel can say. */
    record Below(RelativePath path) implements Place {}

    /** Not below the root, the engine's own, or deleted. */
    record Elsewhere() implements Place {}
  }

  private static final Place ELSEWHERE = new Place.Elsewhere();

  FanotifyPlaces(WatchPaths paths) {
    this.paths = paths;
  }

  /** Fails when this process may not open directories by their handles. */
  void probe() throws IOException {
    byte[] handle;
    try {
      handle = HeldCalls.handle(paths.root());
    } catch (Errno none) {
      throw new IOException("no file handles here: " + WatchCalls.text(none.number()), none);
    }
    int opened =
        WatchCalls.orThrow(
            HeldCalls.tryHandle(paths.root(), handle, PathCalls.LOCATE),
            "cannot open directories by handle");
    WatchCalls.close(opened);
  }

  Place find(Bytes handle) {
    Place kept = inside.get(handle);
    if (kept == null) {
      kept = outside.get(handle);
    }
    return kept == null ? ask(handle) : kept;
  }

  private Place ask(Bytes handle) {
    int opened = HeldCalls.tryHandle(paths.root(), handle.toArray(), PathCalls.LOCATE);
    Place place = ELSEWHERE;
    if (opened >= 0) {
      place = locate(opened);
    }
    Map<Bytes, Place> map = place instanceof Place.Elsewhere ? outside : inside;
    if (map.size() >= KEPT_MAX) {
      map.clear();
    }
    map.put(handle, place);
    return place;
  }

  /** Takes the descriptor. */
  private Place locate(int opened) {
    int at = opened;
    boolean exact = true;
    byte[] found = paths.nameOf(at);
    while (found.length == 0) {
      // Longer than a page: an ancestor that has a name has to do.
      int parent = paths.parent(at);
      WatchCalls.close(at);
      if (parent < 0) {
        return ELSEWHERE;
      }
      at = parent;
      exact = false;
      found = paths.nameOf(at);
    }
    boolean there = paths.look(at).map(seen -> seen.stamp().links() > 0).orElse(false);
    WatchCalls.close(at);
    return there ? place(found, exact) : ELSEWHERE;
  }

  private Place place(byte[] found, boolean exact) {
    byte[] root = paths.nameOf(paths.root());
    // The root of all ends with its separator already.
    int length = root.length == 1 ? 0 : root.length;
    boolean below =
        found.length >= length
            && Arrays.equals(root, 0, length, found, 0, length)
            && (found.length == length || found[length] == '/');
    if (root.length == 0 || !below) {
      return ELSEWHERE;
    }
    byte[] rest =
        found.length <= length + 1
            ? new byte[0]
            : Arrays.copyOfRange(found, length + 1, found.length);
    RelativePath path = RelativePath.of(rest);
    if (path.isWithin(WatchHints.OWN_DIRECTORY)) {
      return ELSEWHERE;
    }
    return exact ? new Place.At(path) : new Place.Below(path);
  }

  /** A directory of the root has moved. */
  void moved() {
    inside.clear();
    outside.clear();
  }
}
