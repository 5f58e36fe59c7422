package dev.replicator.linux;

import dev.replicator.model.EntryType;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Staging is beside the state where a rename reaches the root from there, else in the root. Who
 * moves either of them to another disk changes that, and what waited in the one of before, for the
 * vault or for its last writer, may be all that is left of a file. What a rename reaches comes over
 * at once and under its name: an intent may speak of it. The rest is copied once the intents are
 * settled, and nothing of it goes before its copy is on the disk.
 */

/** What waits where staging was before the state or the root was moved. */
final class Strays implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Strays.class);
  private static final byte[] STAGING_OF_ROOT =
      ".replicator/staging".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DRAFT = "stray".getBytes(StandardCharsets.US_ASCII);

  private final Staging from;
  private final Staging to;

  private Strays(Staging from, Staging to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Brings over what a rename reaches.
   *
   * @param from is closed where nothing is left in it
   * @return what is left there
   */
  static Optional<Strays> gather(Staging from, Staging to) {
    try {
      from.parts().drop(Instant.MAX, Set.of());
      List<String> names = from.names();
      long moved = names.stream().filter(name -> isMoved(from, to, name)).count();
      if (moved > 0) {
        log.info("{} of another staging directory were taken over", moved);
      }
      if (moved < names.size()) {
        return Optional.of(new Strays(from, to));
      }
    } catch (TreeException unreadable) {
      log.warn("cannot list the other staging directory: {}", unreadable.problem());
    }
    from.close();
    return Optional.empty();
  }

  private static boolean isMoved(Staging from, Staging to, String name) {
    try {
      to.take(from.directory(), Staging.octets(name), name);
      return true;
    } catch (TreeException | IOException elsewhere) {
      return false;
    }
  }

  /** The staging directory in the root, where there is one; not one that a user of it made. */
  static Optional<Staging> inRoot(HeldRoot root, Inspector inspector) {
    int flags = PathCalls.READ | PathCalls.DIRECTORY;
    try (Descriptor own =
        PathCalls.openBeneath(root.descriptor().number(), HeldRoot.OWN, PathCalls.LOCATE)) {
      Descriptor found = PathCalls.openBeneath(root.descriptor().number(), STAGING_OF_ROOT, flags);
      if (isOurs(own) && isOurs(found)) {
        return Optional.of(Staging.holding(found, inspector));
      }
      found.close();
      log.warn("what waits in .replicator of the root is another user's, and is left there");
    } catch (IOException none) {
      log.debug("no staging in the root: {}", none.getMessage());
    }
    return Optional.empty();
  }

  private static boolean isOurs(Descriptor directory) throws Errno {
    return PathCalls.status(directory.number()).stamp().uid() == DescriptorCalls.user();
  }

  List<String> names() throws TreeException {
    return from.names();
  }

  /**
   * Copies what waits under {@code name} and removes it: files, those in a directory among them.
   *
   * @return the names that they have in staging now
   * @throws TreeException of the kind BUSY while somebody writes to one, DISK_FULL without room
   */
  List<String> take(String name) throws TreeException {
    List<String> taken = new ArrayList<>();
    Deque<String> waiting = new ArrayDeque<>(List.of(name));
    try {
      while (!waiting.isEmpty()) {
        String next = waiting.removeFirst();
        switch (type(next)) {
          case DIRECTORY -> waiting.addAll(opened(next));
          case FILE -> {
            taken.add(copy(next));
            from.discard(next);
          }
          case SYMLINK, ABSENT -> from.discard(next);
        }
      }
      return taken;
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** Not by an inspector: what is on another disk than the root is a mount point to that. */
  private EntryType type(String name) throws TreeException, IOException {
    try (Descriptor object = from.hold(name)) {
      return PathCalls.status(object.number()).type();
    }
  }

  /** Gives what is in a directory names of its own, and removes that. */
  private List<String> opened(String name) throws TreeException, IOException {
    List<String> freed = new ArrayList<>();
    try (Descriptor opened =
        PathCalls.openBeneath(
            from.directory().number(),
            Staging.octets(name),
            PathCalls.READ | PathCalls.DIRECTORY)) {
      for (byte[] child : Listing.names(opened)) {
        String fresh = from.freshName();
        from.take(opened, child, fresh);
        freed.add(fresh);
      }
    }
    if (!from.isRemoved(name)) {
      log.warn("a directory where staging was before fills again: {}", name);
    }
    return freed;
  }

  private String copy(String name) throws TreeException, IOException {
    int directory = to.directory().number();
    try (Descriptor object = from.hold(name)) {
      if (Lease.isRefused(object)) {
        throw new TreeException(new Problem(Kind.BUSY, "somebody writes to it"));
      }
      Tree.Space space = DescriptorCalls.space(directory);
      long bytes = PathCalls.status(object.number()).allocatedBytes();
      if (!space.leaves(bytes)) {
        throw new TreeException(space.lacks(bytes));
      }
      Staging.removeIfThere(to.directory(), DRAFT);
      try (DescriptorChannel old = Reading.of(object);
          DescriptorChannel fresh =
              new DescriptorChannel(
                  PathCalls.openBeneath(
                      directory, DRAFT, PathCalls.READ_WRITE | PathCalls.CREATE))) {
        Staging.copy(old, fresh);
        fresh.sync();
      }
    }
    String copied = to.freshName();
    to.take(to.directory(), DRAFT, copied);
    Staging.syncDirectory(to.directory());
    return copied;
  }

  @Override
  public void close() {
    from.close();
  }
}
