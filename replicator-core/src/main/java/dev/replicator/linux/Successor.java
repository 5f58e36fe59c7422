package dev.replicator.linux;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that takes the place of another one. Once it has, everybody may work in it
 * meanwhile: so nothing of it is removed that was not looked at in staging, where nobody can change
 * it any more.
 */
final class Successor {
  private static final Logger log = LoggerFactory.getLogger(Successor.class);

  private final HeldRoot root;
  private final Inspector inspector;
  private final Staging staging;

  /** What was put into it: second names of what stays, and what was staged. */
  private final TreeMap<RelativePath, Stamp> ours = new TreeMap<>();

  /** What moved on into it from the old one. */
  private final Map<RelativePath, Stamp> moved = new HashMap<>();

  private final List<String> kept = new ArrayList<>();

  Successor(HeldRoot root, Inspector inspector, Staging staging) {
    this.root = root;
    this.inspector = inspector;
    this.staging = staging;
  }

  /** {@code stamp} was put into it, or will have been. */
  void put(RelativePath path, Stamp stamp) {
    ours.put(path, stamp);
  }

  /** What was put into it, the deepest first. */
  Set<RelativePath> paths() {
    return ours.descendingKeySet();
  }

  /** What had nowhere to go, by its name in staging. */
  List<String> kept() {
    return kept;
  }

  /** The directory in which {@code path} is, or is to be. */
  Descriptor parent(RelativePath path) throws IOException {
    return root.open(path.parent(), PathCalls.LOCATE | PathCalls.DIRECTORY);
  }

  /** A directory in it. */
  Descriptor open(RelativePath path) throws IOException {
    return root.open(path, PathCalls.READ | PathCalls.DIRECTORY);
  }

  /** Whether there is no such directory, or none that is to be entered. */
  static boolean isNowhere(Errno failure) {
    return failure.isGone() || failure.number() == Errno.EXDEV;
  }

  boolean isOurs(RelativePath path, Stamp stamp) {
    @Nullable Stamp own = ours.get(path);
    return own != null && Staging.isSame(own, stamp);
  }

  /** Whether nobody did anything to it since. */
  boolean isOursUntouched(RelativePath path, Stamp stamp) {
    @Nullable Stamp own = ours.get(path);
    return own != null && own.equalsExceptCtime(stamp);
  }

  void movedOn(RelativePath path, Look look) {
    if (look instanceof Look.Found found) {
      moved.put(path, found.stamp());
    }
  }

  boolean isMovedOn(RelativePath path, Stamp stamp) {
    @Nullable Stamp his = moved.get(path);
    return his != null && his.equalsExceptCtime(stamp);
  }

  /** Whether the very object is at {@code path}. */
  boolean isThere(RelativePath path, Stamp stamp) throws IOException {
    try (Descriptor parent = parent(path)) {
      return inspector.look(parent, path.name()) instanceof Look.Found live
          && Staging.isSame(live.stamp(), stamp);
    } catch (Errno failure) {
      if (!isNowhere(failure)) {
        throw failure;
      }
      return false;
    }
  }

  /** Keeps what waits in staging for the vault, file by file. */
  void keep(String name, RelativePath path) throws TreeException, IOException {
    Optional<Look.Found> it = staging.find(name, Optional.empty());
    if (it.filter(found -> found.type() == EntryType.SYMLINK).isPresent()) {
      // The vault has no place for links.
      log.warn("the link {} to {}, of a directory that gave way, is gone", path, target(it.get()));
    } else {
      log.info("{} of a directory that gave way goes to the vault", path);
    }
    kept.addAll(staging.flatten(name));
  }

  /** For people, on one line. */
  private static String target(Look.Found link) {
    String text = new String(link.linkTarget().toArray(), StandardCharsets.UTF_8);
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * Gives what waits in staging the name that it had in {@code directory}, unless that is taken.
   */
  void giveBack(String name, Descriptor directory, RelativePath path)
      throws TreeException, IOException {
    try {
      PathCalls.rename(
          staging.directory().number(),
          Staging.octets(name),
          directory.number(),
          path.name(),
          PathCalls.REPLACE_NOTHING);
    } catch (Errno taken) {
      keep(name, path);
    }
  }

  /**
   * Removes what we put at {@code path}, for somebody removed what was there before.
   *
   * @return whether ours is not there any more, or not as it was
   */
  boolean remove(RelativePath path) throws TreeException, IOException {
    byte[] name = path.name();
    try (Descriptor parent = parent(path)) {
      if (!(inspector.look(parent, name) instanceof Look.Found live)
          || !isOurs(path, live.stamp())) {
        return false;
      }
      if (live.type() == EntryType.DIRECTORY) {
        PathCalls.remove(parent.number(), name, PathCalls.REMOVE_DIRECTORY);
        return true;
      }
      return !isOursUntouched(path, live.stamp()) || isDropped(parent, path);
    } catch (Errno failure) {
      if (!isNowhere(failure) && failure.number() != Errno.ENOTEMPTY) {
        throw failure;
      }
      return false;
    }
  }

  private boolean isDropped(Descriptor parent, RelativePath path)
      throws TreeException, IOException {
    String aside = staging.freshName();
    staging.take(parent, path.name(), aside);
    Optional<Look.Found> found = staging.find(aside, Optional.empty());
    if (found.isPresent()
        && isOursUntouched(path, found.get().stamp())
        && !staging.isWritten(aside)) {
      staging.discard(aside);
      return true;
    }
    giveBack(aside, parent, path);
    return false;
  }
}
