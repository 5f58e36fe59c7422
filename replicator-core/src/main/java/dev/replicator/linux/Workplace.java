package dev.replicator.linux;

import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.port.MetadataRules;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a tree works with, opened: its root, the staging directory that was found to reach it, and
 * what was found to work there. Everything is tried rather than guessed: bind mounts, quotas and
 * file systems refuse what device numbers promise.
 */
record Workplace(
    HeldRoot root,
    Path storage,
    Staging staging,
    Optional<Strays> strays,
    Inspector inspector,
    Metadata metadata,
    boolean extendedAttributes) {
  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER_PROBE = "probe.other".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PROBE_ATTRIBUTE =
      "user.replicator.probe".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HERE = {'.'};

  static Workplace open(Path root, Path stateStorage, MetadataRules rules) throws TreeException {
    HeldRoot held = HeldRoot.open(root);
    try {
      requireKernel(held.descriptor());
      return open(root, held, stateStorage, rules);
    } catch (IOException failure) {
      held.close();
      throw Errno.treeException(failure);
    } catch (TreeException failure) {
      held.close();
      throw failure;
    }
  }

  private static void requireKernel(Descriptor root) throws TreeException, IOException {
    try (Descriptor same = PathCalls.openBeneath(root.number(), HERE, PathCalls.LOCATE)) {
      PathCalls.reopen(same.number(), PathCalls.READ | PathCalls.DIRECTORY).close();
    } catch (Errno failure) {
      String what =
          switch (failure.number()) {
            case Errno.ENOSYS, Errno.EPERM -> PathCalls.NO_OPENAT2;
            case Errno.ENOENT -> "/proc is not mounted";
            default -> throw failure;
          };
      throw new TreeException(new Problem(Kind.UNSUPPORTED, what), failure);
    }
  }

  private static Workplace open(Path path, HeldRoot root, Path stateStorage, MetadataRules rules)
      throws TreeException, IOException {
    Accounts users = Accounts.users();
    Accounts groups = Accounts.groups();
    ExtendedAttributes extended = new ExtendedAttributes(rules.setId());
    Inspector inspector = new Inspector(root, users, groups, extended);
    Files.createDirectories(stateStorage);
    byte[] state = AdminPath.octets(stateStorage);
    Staging staging;
    Optional<Staging> other = Optional.empty();
    Path storage = stateStorage;
    try (Descriptor beside = PathCalls.openNamed(state, PathCalls.LOCATE | PathCalls.DIRECTORY)) {
      Staging.makePrivate(beside);
      staging = Staging.open(beside, inspector);
    }
    try {
      if (reaches(staging, root)) {
        other = Strays.inRoot(root, inspector);
      } else {
        other = Optional.of(staging);
        storage = path.toAbsolutePath().resolve(".replicator");
        try (Descriptor own = Staging.openPrivate(root.descriptor(), HeldRoot.OWN)) {
          staging = Staging.open(own, inspector);
        }
      }
      try (Descriptor probe = probe(staging, PROBE)) {
        probe(staging, OTHER_PROBE).close();
        requireExchange(staging);
        Metadata metadata = new Metadata(users, groups, extended, rules, probe);
        Staging used = staging;
        Optional<Strays> strays = other.flatMap(before -> Strays.gather(before, used));
        return new Workplace(
            root, storage, staging, strays, inspector, metadata, takesAttributes(probe));
      } finally {
        Staging.removeIfThere(staging.directory(), PROBE);
        Staging.removeIfThere(staging.directory(), OTHER_PROBE);
      }
    } catch (TreeException | IOException failure) {
      staging.close();
      other.ifPresent(Staging::close);
      throw failure;
    }
  }

  private static Descriptor probe(Staging staging, byte[] name) throws Errno {
    Staging.removeIfThere(staging.directory(), name);
    return PathCalls.openBeneath(
        staging.directory().number(), name, PathCalls.READ_WRITE | PathCalls.CREATE);
  }

  private static void requireExchange(Staging staging) throws TreeException, Errno {
    int directory = staging.directory().number();
    try {
      PathCalls.rename(directory, PROBE, directory, OTHER_PROBE, PathCalls.EXCHANGE);
    } catch (Errno failure) {
      switch (failure.number()) {
        case Errno.EINVAL, Errno.ENOSYS, Errno.EOPNOTSUPP ->
            throw new TreeException(
                new Problem(Kind.UNSUPPORTED, "the file system exchanges no two names"), failure);
        default -> throw failure;
      }
    }
  }

  private static boolean takesAttributes(Descriptor probe) {
    try {
      PathCalls.setAttribute(probe.number(), PROBE_ATTRIBUTE, new byte[] {'x'}, 0);
      return true;
    } catch (Errno refused) {
      return false;
    }
  }

  /**
   * Whether a rename of a file from staging into the root works; undone. Its name there is one that
   * nobody looks at: {@code .replicator} itself, unless that is there. An attempt that a crash cut
   * short left an empty file.
   */
  private static boolean reaches(Staging staging, HeldRoot root) throws TreeException, IOException {
    int from = staging.directory().number();
    removeLeftOver(root.descriptor());
    probe(staging, PROBE).close();
    try {
      if (moveThereAndBack(from, root.descriptor(), HeldRoot.OWN)) {
        return true;
      }
      if (!isThere(root.descriptor())) {
        return false;
      }
      try (Descriptor own = Staging.openPrivate(root.descriptor(), HeldRoot.OWN)) {
        return moveThereAndBack(from, own, Staging.octets(staging.freshName()));
      }
    } finally {
      Staging.removeIfThere(staging.directory(), PROBE);
    }
  }

  private static boolean isThere(Descriptor root) {
    try {
      PathCalls.openBeneath(root.number(), HeldRoot.OWN, PathCalls.LOCATE).close();
      return true;
    } catch (Errno none) {
      return false;
    }
  }

  private static void removeLeftOver(Descriptor root) throws IOException {
    try (Descriptor there = PathCalls.openBeneath(root.number(), HeldRoot.OWN, PathCalls.LOCATE)) {
      if (Reading.isFile(there) && PathCalls.status(there.number()).stamp().size() == 0) {
        Staging.removeIfThere(root, HeldRoot.OWN);
      }
    } catch (Errno none) {
      if (!none.isGone()) {
        throw none;
      }
    }
  }

  private static boolean moveThereAndBack(int from, Descriptor there, byte[] name) throws Errno {
    try {
      PathCalls.rename(from, PROBE, there.number(), name, PathCalls.REPLACE_NOTHING);
    } catch (Errno refused) {
      return false;
    }
    PathCalls.rename(there.number(), name, from, PROBE, PathCalls.REPLACE_NOTHING);
    return true;
  }
}
