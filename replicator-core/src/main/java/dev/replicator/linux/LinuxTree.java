package dev.replicator.linux;

import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.MetadataRules;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * A tree by system calls on raw names below the held descriptor of its root. Whoever owns what is
 * below may swap any directory for a symbolic link at any moment: none is ever followed.
 *
 * <p>Access lists travel with the numbers of users and groups in them. The time of a directory is
 * not set.
 */
public final class LinuxTree implements Tree {
  private final Path path;
  private final Workplace workplace;
  private final HeldRoot root;
  private final Inspector inspector;
  private final Staging staging;
  private final Optional<Strays> strays;
  private final Metadata metadata;
  private final Stager stager;
  private final Exchange exchange;
  private final Arrival arrival;
  private final Relocation relocation;
  private final Settlement settlement;
  private final Subvolumes subvolumes = new Subvolumes();
  private final Gate gate = new Gate();

  private LinuxTree(Path path, Workplace workplace, Exchange.Window window) {
    this.path = path.toAbsolutePath();
    this.workplace = workplace;
    this.root = workplace.root();
    this.inspector = workplace.inspector();
    this.staging = workplace.staging();
    this.strays = workplace.strays();
    this.metadata = workplace.metadata();
    this.stager = new Stager(staging, metadata, gate);
    Touch touch = new Touch(root, inspector, metadata, window);
    this.exchange = new Exchange(root, inspector, staging, touch, stager, window);
    this.arrival = new Arrival(root, inspector, staging, metadata, window);
    this.relocation = new Relocation(root, inspector, window);
    this.settlement = new Settlement(this, staging, exchange, touch, metadata);
  }

  /**
   * Opens the tree at {@code root}, which must exist; where a symbolic link on the way to it leads
   * is asked with every look, so that another directory there is not taken for it. Staged objects
   * wait below {@code stateStorage} when a rename from there into the root works, else in the
   * root's {@code .replicator}.
   *
   * @throws TreeException of kind REFUSED when {@code rules} name nobody, of kind UNSUPPORTED where
   *     the kernel or the file system cannot do what this tree is built on
   */
  public static LinuxTree open(Path root, Path stateStorage) throws TreeException {
    return open(root, stateStorage, MetadataRules.DEFAULT);
  }

  /** The same with other rules than those that are safe for everybody. */
  public static LinuxTree open(Path root, Path stateStorage, MetadataRules rules)
      throws TreeException {
    return open(root, stateStorage, rules, Exchange.Window.NONE);
  }

  static LinuxTree open(Path root, Path stateStorage, MetadataRules rules, Exchange.Window window)
      throws TreeException {
    return new LinuxTree(root, Workplace.open(root, stateStorage, rules), window);
  }

  /** The directory of staging, and the place for a vault that renames from staging reach. */
  public Path storage() {
    return workplace.storage();
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(metadata.owners(), true, true, workplace.extendedAttributes(), true);
  }

  @Override
  public boolean isWorkable() throws TreeException {
    return gate.pass(() -> staging.isThere() && root.isWhereItWasOpened());
  }

  @Override
  public RootIdentity identity() throws TreeException {
    return gate.pass(root::identity);
  }

  @Override
  public void mark(RootIdentity identity) throws TreeException {
    gate.pass(() -> {
      root.mark(identity);
      return true;
    });
  }

  @Override
  public void pin(RootIdentity identity) {
    root.pin(identity);
  }

  @Override
  public Look look(RelativePath path) throws TreeException {
    return gate.pass(() -> {
      Look look = HeldRoot.isOwn(path) ? new Look.Gone() : lookBelow(path);
      return root.isRoot() ? look : HeldRoot.LOST;
    });
  }

  private Look lookBelow(RelativePath path) throws TreeException {
    try (Descriptor object = root.open(path, PathCalls.LOCATE)) {
      Look look = inspector.look(object);
      if (look.equals(Inspector.SUBVOLUME)) {
        subvolumes.met(path);
      }
      return look;
    } catch (Errno failure) {
      if (failure.isGone()) {
        return new Look.Gone();
      }
      if (failure.number() == Errno.EXDEV && isMountPoint(path)) {
        return new Look.Special("mount point");
      }
      throw Errno.treeException(failure);
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** Whether nothing else is mounted over the way to {@code path}, which is. */
  private boolean isMountPoint(RelativePath path) {
    try (Descriptor parent = root.openParent(path)) {
      return parent.isOpen();
    } catch (TreeException beyond) {
      return false;
    }
  }

  private void requireReachable(RelativePath path) throws TreeException {
    root.requireRoot();
    if (HeldRoot.isOwn(path)) {
      throw new TreeException(new Problem(Kind.REFUSED, "a name of the engine's own"));
    }
  }

  @Override
  public List<Child> list(RelativePath directory) throws TreeException {
    try (Listing listing = listing(directory)) {
      return listing.next(Integer.MAX_VALUE);
    }
  }

  @Override
  public Listing listing(RelativePath directory) throws TreeException {
    return gate.pass(() -> {
      requireReachable(directory);
      return PagedListing.open(root, inspector, subvolumes, gate, directory);
    });
  }

  @Override
  public SeekableByteChannel read(RelativePath path, Stamp stamp) throws TreeException {
    return gate.pass(() -> open(path, stamp::equals));
  }

  @Override
  public SeekableByteChannel readOn(RelativePath path, Stamp stamp) throws TreeException {
    return gate.pass(() -> open(path, stamp::isContinuedBy));
  }

  private SeekableByteChannel open(RelativePath path, Predicate<Stamp> wanted)
      throws TreeException {
    requireReachable(path);
    try (Descriptor object = root.open(path, PathCalls.LOCATE)) {
      FileStatus status = PathCalls.status(object.number());
      if (status.type() == EntryType.FILE && wanted.test(status.stamp())) {
        return Reading.of(object);
      }
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
    throw new TreeException(new Problem(Kind.BUSY, "it changed since it was looked at"));
  }

  @Override
  public StagedFile stageFile() throws TreeException {
    return gate.pass(() -> stager.file(staging.freshName()));
  }

  @Override
  public StagedFile stagePart(Digest content) throws TreeException {
    return gate.pass(() -> stager.part(content, staging.freshName()));
  }

  @Override
  public boolean passPart(Digest from, Digest to) throws TreeException {
    return gate.pass(() -> staging.parts().pass(from, to));
  }

  @Override
  public void dropPart(Digest content) throws TreeException {
    gate.pass(() -> {
      staging.parts().drop(content);
      return true;
    });
  }

  @Override
  public void dropParts(Instant time, Set<Digest> spared) throws TreeException {
    gate.pass(() -> {
      staging.parts().drop(time, spared);
      return true;
    });
  }

  @Override
  public Staged stage(Target target) throws TreeException {
    return gate.pass(() -> stager.stage(target, staging.freshName()));
  }

  @Override
  public Exchanged exchange(RelativePath path, Intent intent) {
    return exchange(path, intent, false);
  }

  @Override
  public Exchanged exchangeUnlessWritten(RelativePath path, Intent intent) {
    return exchange(path, intent, true);
  }

  private Exchanged exchange(RelativePath path, Intent intent, boolean sparing) {
    try {
      return gate.pass(() -> exchange.run(path, intent, sparing));
    } catch (TreeException closed) {
      return new Exchanged.Failed(closed.problem());
    }
  }

  @Override
  public Arrived arrive(List<GroupMember> members) {
    try {
      return gate.pass(() -> arrival.run(members));
    } catch (TreeException closed) {
      return new Arrived.Failed(closed.problem());
    }
  }

  @Override
  public Optional<Problem> move(
      RelativePath from, RelativePath to, SortedMap<RelativePath, Materialised> expected) {
    try {
      return gate.pass(() -> relocation.run(from, to, expected));
    } catch (TreeException closed) {
      return Optional.of(closed.problem());
    }
  }

  @Override
  public void disband(List<GroupMember> members) throws TreeException {
    gate.pass(() -> {
      arrival.disband(members);
      return true;
    });
  }

  @Override
  public void disperse(List<GroupMember> members, Map<RelativePath, Stamp> stayed)
      throws TreeException {
    gate.pass(() -> {
      arrival.disperse(members, stayed);
      return true;
    });
  }

  @Override
  public Displaced displaced(String name, Materialised expected) throws TreeException {
    return gate.pass(() -> staging.displaced(name, expected));
  }

  @Override
  public Displaced released(Path place, Materialised expected) throws TreeException {
    return gate.pass(() -> staging.released(place, expected));
  }

  @Override
  public boolean isBeingWritten(RelativePath path, long bornMillisMin) throws TreeException {
    return gate.pass(() -> {
      requireReachable(path);
      try (Descriptor object = root.open(path, PathCalls.LOCATE)) {
        FileStatus file = PathCalls.status(object.number());
        return file.type() == EntryType.FILE
            && file.birthMillis() >= bornMillisMin
            && Lease.isRefused(object);
      } catch (IOException gone) {
        return false;
      }
    });
  }

  @Override
  public Settled settle(RelativePath path, Intent intent) throws TreeException {
    return gate.pass(() -> settlement.settle(path, intent));
  }

  @Override
  public SeekableByteChannel readStaged(String name) throws TreeException {
    return gate.pass(() -> staging.read(name));
  }

  @Override
  public List<String> flatten(String name) throws TreeException {
    return gate.pass(() -> {
      try {
        return staging.flatten(name);
      } catch (IOException failure) {
        throw Errno.treeException(failure);
      }
    });
  }

  @Override
  public Optional<Path> release(String name, Path destination) throws TreeException {
    return gate.pass(() -> staging.release(name, destination));
  }

  @Override
  public boolean isStagedWritten(String name) throws TreeException {
    return gate.pass(() -> {
      try {
        return staging.isWritten(name);
      } catch (IOException failure) {
        throw Errno.treeException(failure);
      }
    });
  }

  @Override
  public boolean isStagedShared(String name) throws TreeException {
    return gate.pass(() -> {
      try {
        return staging.isShared(name);
      } catch (IOException failure) {
        throw Errno.treeException(failure);
      }
    });
  }

  @Override
  public void discard(String name) throws TreeException {
    gate.pass(() -> {
      staging.discard(name);
      return true;
    });
  }

  @Override
  public List<String> staged() throws TreeException {
    return gate.pass(staging::names);
  }

  @Override
  public List<String> strays() throws TreeException {
    return gate.pass(() -> strays.isPresent() ? strays.get().names() : List.of());
  }

  @Override
  public List<String> takeStray(String name) throws TreeException {
    return gate.pass(() -> strays.isPresent() ? strays.get().take(name) : List.of());
  }

  /**
   * Syncs all of the file system, whatever became of the paths or of the root's name: what was put
   * is on the one that is held.
   */
  @Override
  public Synced sync(List<RelativePath> paths) {
    try {
      return gate.pass(() -> {
        try {
          DescriptorCalls.syncFileSystem(root.descriptor().number());
          return new Synced.Done(List.of());
        } catch (Errno failure) {
          return new Synced.Failed(Errno.treeException(failure).problem());
        }
      });
    } catch (TreeException closed) {
      return new Synced.RootLost(closed.problem());
    }
  }

  @Override
  public List<RelativePath> mountPoints() throws TreeException {
    return gate.pass(() -> {
      try {
        return MountPoints.below(root.descriptor(), subvolumes.below(root));
      } catch (IOException failure) {
        throw Errno.treeException(failure);
      }
    });
  }

  @Override
  public Space space() throws IOException {
    try {
      return gate.pass(() -> {
        try {
          return DescriptorCalls.space(root.descriptor().number());
        } catch (Errno failure) {
          throw Errno.treeException(failure);
        }
      });
    } catch (TreeException failure) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  @Override
  public Optional<String> leadsTo() {
    return AdminPath.leadsTo(path);
  }

  /** Waits for what is under way. Channels and staged files that are open stay so. */
  @Override
  public void close() {
    gate.close(() -> {
      staging.close();
      strays.ifPresent(Strays::close);
      root.close();
    });
  }
}
