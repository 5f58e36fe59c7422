package dev.replicator.linux;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives a directory another name, with all that is in it, or a file, when all of it is as expected.
 * It is held meanwhile: what came under the new name is compared with what was looked through.
 */
final class Relocation {
  /** Each level is held while what is below it is looked at. */
  private static final int LEVELS_MAX = 200;

  private static final Problem CHANGED = new Problem(Kind.BUSY, "it is not as expected there");

  private final HeldRoot root;
  private final Inspector inspector;
  private final Exchange.Window window;

  Relocation(HeldRoot root, Inspector inspector, Exchange.Window window) {
    this.root = root;
    this.inspector = inspector;
    this.window = window;
  }

  Optional<Problem> run(
      RelativePath from, RelativePath to, SortedMap<RelativePath, Materialised> expected) {
    if (HeldRoot.isOwn(from) || HeldRoot.isOwn(to)) {
      return Optional.of(new Problem(Kind.REFUSED, "a name of the engine's own"));
    }
    try {
      root.requireRoot();
      try (Descriptor before = root.openParent(from);
          Descriptor after = root.openParent(to)) {
        Place target = new Place(inspector, after, to.name());
        return target.look() instanceof Look.Gone
            ? move(before, from, expected, after, to)
            : Optional.of(CHANGED);
      }
    } catch (TreeException failure) {
      return Optional.of(failure.problem());
    } catch (Errno failure) {
      boolean changed = failure.isGone() || failure.number() == Errno.EEXIST;
      return Optional.of(changed ? CHANGED : Errno.problemOf(failure));
    } catch (IOException failure) {
      return Optional.of(Errno.problemOf(failure));
    }
  }

  private Optional<Problem> move(
      Descriptor before,
      RelativePath from,
      SortedMap<RelativePath, Materialised> expected,
      Descriptor after,
      RelativePath to)
      throws IOException {
    TreeMap<RelativePath, Materialised> left = new TreeMap<>(expected);
    Materialised was = left.remove(from);
    if (was == null) {
      return Optional.of(CHANGED);
    }
    boolean directory = was.entry().equals(Entry.DIRECTORY);
    try (Descriptor top =
        directory ? open(before, from.name()) : new Place(inspector, before, from.name()).hold()) {
      boolean asExpected =
          inspector.look(top) instanceof Look.Found found
              && found.holds(was)
              && (!directory || takeExpected(top, from, left, LEVELS_MAX))
              && left.isEmpty();
      if (!asExpected) {
        return Optional.of(CHANGED);
      }
      window.beforeChange();
      rename(before, from, after, to);
      window.afterChange();
      if (isHeld(top, after, to)) {
        return Optional.empty();
      }
      // Somebody put another one there in the last moment.
      rename(after, to, before, from);
      return Optional.of(CHANGED);
    }
  }

  private static Descriptor open(Descriptor parent, byte[] name) throws Errno {
    return PathCalls.openBeneath(parent.number(), name, PathCalls.READ | PathCalls.DIRECTORY);
  }

  private static void rename(Descriptor from, RelativePath name, Descriptor to, RelativePath other)
      throws Errno {
    PathCalls.rename(
        from.number(), name.name(), to.number(), other.name(), PathCalls.REPLACE_NOTHING);
  }

  private boolean isHeld(Descriptor top, Descriptor parent, RelativePath path) throws IOException {
    return inspector.look(parent, path.name()) instanceof Look.Found live
        && inspector.look(top) instanceof Look.Found held
        && Staging.isSame(live.stamp(), held.stamp());
  }

  /** Takes what is in a directory from {@code left}; whether nothing else was there. */
  private boolean takeExpected(
      Descriptor directory,
      RelativePath path,
      SortedMap<RelativePath, Materialised> left,
      int levels)
      throws IOException {
    if (levels == 0) {
      return false;
    }
    for (byte[] name : Listing.names(directory)) {
      RelativePath child = path.child(name);
      Materialised was = left.remove(child);
      if (was == null
          || !(inspector.glance(directory, name) instanceof Look.Found found)
          || !found.holds(was)) {
        return false;
      }
      if (found.type() == EntryType.DIRECTORY) {
        try (Descriptor below = open(directory, name)) {
          if (!takeExpected(below, child, left, levels - 1)) {
            return false;
          }
        }
      }
    }
    return true;
  }
}
