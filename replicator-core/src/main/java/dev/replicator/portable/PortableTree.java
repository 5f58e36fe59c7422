package dev.replicator.portable;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A tree on {@code java.nio.file}.
 *
 * <p>Java resolves every path from the top, by name. Each component is looked at without following
 * it before a path is used, but somebody who swaps a directory for a symbolic link between that
 * look and the use is followed: where less privileged users own the tree, the linux layer is for
 * use, which holds descriptors instead. For the same reason a replacement has a window between the
 * last check and the rename; {@link Exchange} tells what can happen in it.
 *
 * <p>A bind mount of the same file system is not seen as a mount point, extended attributes are not
 * read or written, and errors are told apart by their English text.
 */
public final class PortableTree implements Tree {
  private final Path storage;
  private final FileStore store;
  private final Pinned pinned;
  private final Names names;
  private final Inspector inspector;
  private final Staging staging;
  private final Metadata metadata;
  private final Exchange exchange;
  private final Settlement settlement;

  private PortableTree(
      Path storage,
      FileStore store,
      Pinned pinned,
      Names names,
      Inspector inspector,
      Staging staging,
      Exchange.Window window) {
    this.storage = storage;
    this.store = store;
    this.pinned = pinned;
    this.names = names;
    this.inspector = inspector;
    this.staging = staging;
    this.metadata = new Metadata(inspector, staging.probe());
    this.exchange = new Exchange(this, inspector, staging, metadata, window);
    this.settlement = new Settlement(this, staging);
  }

  /**
   * Opens the tree at {@code root}, which must exist. Staged objects wait below {@code
   * stateStorage} when a rename from there into the root works, else in the root's {@code
   * .replicator}.
   */
  public static PortableTree open(Path root, Path stateStorage) throws TreeException {
    return open(root, stateStorage, Exchange.Window.NONE);
  }

  static PortableTree open(Path root, Path stateStorage, Exchange.Window window)
      throws TreeException {
    Names names = Names.below(root);
    Inspector inspector = new Inspector(names, root);
    Pinned pinned = Pinned.open(root.toAbsolutePath(), inspector);
    try {
      Files.createDirectories(stateStorage);
      // Kept: to find it Java reads the table of all mounts.
      FileStore store = Files.getFileStore(root);
      Staging beside = Staging.open(stateStorage, inspector);
      if (beside.reaches(pinned.freeName(beside.freshName()))) {
        return new PortableTree(stateStorage, store, pinned, names, inspector, beside, window);
      }
      beside.removeProbe();
      pinned.createOwn();
      Staging inside = Staging.open(pinned.own(), inspector);
      return new PortableTree(pinned.own(), store, pinned, names, inspector, inside, window);
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  /** The directory of staging, and the place for a vault that renames from staging reach. */
  public Path storage() {
    return storage;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(metadata.owners(), false, names.raw(), false, false);
  }

  @Override
  public boolean isWorkable() {
    return staging.isThere() && pinned.isWhereItWasOpened();
  }

  @Override
  public RootIdentity identity() throws TreeException {
    return pinned.identity();
  }

  @Override
  public void mark(RootIdentity identity) throws TreeException {
    pinned.mark(identity.marker());
  }

  @Override
  public void pin(RootIdentity identity) {
    pinned.pin(identity);
  }

  @Override
  public Look look(RelativePath path) throws TreeException {
    Look look = pinned.isOwn(path) ? new Look.Gone() : lookBelow(path);
    return pinned.isRoot() ? look : Pinned.LOST;
  }

  private Look lookBelow(RelativePath path) throws TreeException {
    try {
      if (!path.isRoot() && !isDirectory(path.parent())) {
        return new Look.Gone();
      }
      Look look = inspector.look(names.path(path));
      boolean mount = look instanceof Look.Found found && pinned.isElsewhere(found.stamp());
      return mount ? new Look.Special("mount point") : look;
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  /** Whether every component down to {@code directory} is one, itself and not through a link. */
  private boolean isDirectory(RelativePath directory) throws TreeException, IOException {
    if (directory.isRoot()) {
      return true;
    }
    if (!isDirectory(directory.parent())) {
      return false;
    }
    return switch (pinned.kindOf(names.path(directory))) {
      case DIRECTORY -> true;
      case OTHER -> false;
      case ELSEWHERE ->
          throw new TreeException(new Problem(Kind.SPECIAL, "below the mount point " + directory));
    };
  }

  /** The path to use for {@code path}, whose parents were just seen to be directories. */
  Path resolve(RelativePath path) throws TreeException {
    requireRoot();
    if (pinned.isOwn(path)) {
      throw new TreeException(new Problem(Kind.REFUSED, "a name of the engine's own"));
    }
    try {
      if (!path.isRoot() && !isDirectory(path.parent())) {
        throw new TreeException(new Problem(Kind.OBSTRUCTED, "its directory is missing"));
      }
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
    return names.path(path);
  }

  Path linkText(Entry.Symlink link) throws TreeException {
    return names.linkText(link.target());
  }

  void requireRoot() throws TreeException {
    if (!pinned.isRoot()) {
      throw new TreeException(Pinned.LOST.problem());
    }
  }

  @Override
  public List<Child> list(RelativePath directory) throws TreeException {
    List<Child> children = new ArrayList<>();
    Path path = resolve(directory);
    try {
      if (!directory.isRoot() && !isDirectory(directory)) {
        throw new TreeException(new Problem(Kind.INPUT_OUTPUT, "no such directory"));
      }
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
        for (Path child : stream) {
          RelativePath name = directory.child(names.octets(child.getFileName()));
          Look look = pinned.isOwn(name) ? new Look.Gone() : inspector.look(child);
          if (look instanceof Look.Found found && pinned.isElsewhere(found.stamp())) {
            look = new Look.Special("mount point");
          }
          if (!(look instanceof Look.Gone)) {
            children.add(new Child(name, look));
          }
        }
      }
    } catch (DirectoryIteratorException failure) {
      throw TreeException.of(new IOException(failure.getMessage(), failure));
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
    requireRoot();
    children.sort(Comparator.comparing(Child::path));
    return children;
  }

  @Override
  public SeekableByteChannel read(RelativePath path, Stamp stamp) throws TreeException {
    return open(path, stamp::equals);
  }

  @Override
  public SeekableByteChannel readOn(RelativePath path, Stamp stamp) throws TreeException {
    return open(path, stamp::isContinuedBy);
  }

  private SeekableByteChannel open(RelativePath path, Predicate<Stamp> wanted)
      throws TreeException {
    Path file = resolve(path);
    requireStamp(file, wanted);
    try {
      SeekableByteChannel channel =
          Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
      try {
        // Java cannot ask the descriptor; what was opened is what is there before and after.
        requireStamp(file, wanted);
        return channel;
      } catch (TreeException changed) {
        channel.close();
        throw changed;
      }
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  private void requireStamp(Path file, Predicate<Stamp> wanted) throws TreeException {
    try {
      if (inspector.look(file) instanceof Look.Found found
          && found.type() == EntryType.FILE
          && wanted.test(found.stamp())) {
        return;
      }
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
    throw new TreeException(new Problem(Kind.BUSY, "it changed since it was looked at"));
  }

  @Override
  public StagedFile stageFile() throws TreeException {
    return PortableStagedFile.create(staging, inspector, metadata);
  }

  @Override
  public Staged stage(Target target) throws TreeException {
    String name = staging.freshName();
    Path path = staging.path(name);
    try {
      switch (target.entry()) {
        case Entry.Directory directory -> staging.createDirectory(path);
        case Entry.Symlink link -> Files.createSymbolicLink(path, linkText(link));
        case Entry.File file -> throw new IllegalArgumentException("a file is staged by writing");
        case Entry.Absent absent -> throw new IllegalArgumentException("nothing to stage");
      }
      metadata.apply(path, target.mtime(), target.attributes());
      if (inspector.look(path) instanceof Look.Found found) {
        return new Staged(name, found.stamp());
      }
    } catch (IOException failure) {
      staging.drop(path);
      throw TreeException.of(failure);
    }
    throw new TreeException(new Problem(Kind.INPUT_OUTPUT, "staged object vanished"));
  }

  @Override
  public Exchanged exchange(RelativePath path, Intent intent) {
    return exchange.run(path, intent);
  }

  @Override
  public Settled settle(RelativePath path, Intent intent) throws TreeException {
    return settlement.settle(path, intent);
  }

  @Override
  public SeekableByteChannel readStaged(String name) throws TreeException {
    return staging.read(name);
  }

  @Override
  public Optional<Path> release(String name, Path destination) throws TreeException {
    staging.release(name, destination);
    return Optional.empty();
  }

  @Override
  public void discard(String name) throws TreeException {
    staging.discard(name);
  }

  @Override
  public List<String> staged() throws TreeException {
    return staging.names();
  }

  @Override
  public Synced sync(List<RelativePath> paths) {
    return new PortableSync(this, names.raw()).run(paths);
  }

  @Override
  public Space space() throws IOException {
    return new Space(store.getTotalSpace(), store.getUsableSpace());
  }

  /** Nothing is held between calls. */
  @Override
  public void close() {}
}
