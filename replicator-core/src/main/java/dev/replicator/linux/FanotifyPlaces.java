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
 *
 * What is outside is heard of once: the kernel is told to keep its further events. Moves are not
 * kept, so that a directory that comes in is known; then everything is heard again, before its
 * content is looked at.
 */

/** Finds out where below the root a directory is of which only the handle is known. */
final class FanotifyPlaces {
  /** More of either kind, and all are asked for again. */
  static final int KEPT_MAX = 8_192;

  private final WatchPaths paths;
  private final FanotifyQueue queue;
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

  /** The kernel would not say. */
  private static final Place ANYWHERE = new Place.Below(RelativePath.ROOT);

  FanotifyPlaces(WatchPaths paths, FanotifyQueue queue) {
    this.paths = paths;
    this.queue = queue;
  }

  /** Fails when this process may not open directories by their handles. */
  static void probe(WatchPaths paths) throws IOException {
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
    if (opened < 0) {
      // Deleted; anything else says nothing of where it is.
      return opened == -WatchCalls.ESTALE ? keep(outside, handle, ELSEWHERE) : ANYWHERE;
    }
    try {
      Place place = locate(opened);
      if (place.equals(ANYWHERE)) {
        return place;
      }
      if (!place.equals(ELSEWHERE)) {
        return keep(inside, handle, place);
      }
      keep(outside, handle, place);
      queue.ignore(opened);
      return place;
    } finally {
      WatchCalls.close(opened);
    }
  }

  private Place keep(Map<Bytes, Place> known, Bytes handle, Place place) {
    if (known.size() >= KEPT_MAX) {
      moved();
    }
    known.put(handle, place);
    return place;
  }

  /** Again when the root itself was moved meanwhile: then its old name tells nothing. */
  private Place locate(int opened) {
    while (true) {
      byte[] root = paths.nameOf(paths.root());
      Place place = locate(opened, root);
      if (Arrays.equals(root, paths.nameOf(paths.root()))) {
        return place;
      }
    }
  }

  private Place locate(int opened, byte[] root) {
    int at = opened;
    boolean exact = true;
    byte[] found = paths.nameOf(at);
    while (found.length == 0) {
      // Longer than a page: an ancestor that has a name has to do.
      int parent = paths.parent(at);
      closeStep(at, opened);
      if (parent < 0) {
        return ANYWHERE;
      }
      at = parent;
      exact = false;
      found = paths.nameOf(at);
    }
    boolean there = paths.look(at).map(seen -> seen.stamp().links() > 0).orElse(false);
    closeStep(at, opened);
    return there ? place(found, root, exact) : ELSEWHERE;
  }

  private static void closeStep(int at, int opened) {
    if (at != opened) {
      WatchCalls.close(at);
    }
  }

  private static Place place(byte[] found, byte[] root, boolean exact) {
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

  /** A directory of the root may have moved. */
  void forget() {
    inside.clear();
  }

  /** A directory of the root has moved, or one has come in: with what was ignored there. */
  void moved() {
    inside.clear();
    outside.clear();
    queue.hearAll();
  }
}
