package dev.replicator.portable;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.Set;

/** The directory that a root is, and the engine's own {@code .replicator} in it. */
final class Pinned {
  static final Look.RootLost LOST =
      new Look.RootLost(new Problem(Kind.HELD, "the root is not the directory that it was"));

  private static final RelativePath OWN = RelativePath.of(".replicator");
  private static final int MARKER_CHARACTERS_MAX = 256;
  private static final String MARKER_ATTRIBUTE = "replicator.root";

  /** What a component of a path is. */
  enum ComponentKind {
    DIRECTORY,
    /** On another file system than the root. */
    ELSEWHERE,
    OTHER
  }

  private final Path root;
  private final Inspector inspector;
  private volatile Optional<RootIdentity> pinned = Optional.empty();
  private volatile long device;
  private volatile long deviceOfOpening;

  private Pinned(Path root, Inspector inspector) {
    this.root = root;
    this.inspector = inspector;
  }

  static Pinned open(Path root, Inspector inspector) throws TreeException {
    Pinned opened = new Pinned(root, inspector);
    opened.device = opened.identity().device();
    opened.deviceOfOpening = opened.device;
    return opened;
  }

  Path root() {
    return root;
  }

  Path own() {
    return root.resolve(OWN.toString());
  }

  boolean isOwn(RelativePath path) {
    return path.isWithin(OWN);
  }

  void pin(RootIdentity fresh) {
    device = fresh.device();
    pinned = Optional.of(fresh);
  }

  /** Whether the root is still what it was when it was pinned; yes before that. */
  boolean isRoot() {
    Optional<RootIdentity> expected = pinned;
    if (expected.isEmpty()) {
      return true;
    }
    try {
      // The root itself may be reached through links: its path is the administrator's.
      return inspector.directory(root) instanceof Inspector.Directory now
          && now.device() == expected.get().device()
          && now.inode() == expected.get().inode();
    } catch (IOException lost) {
      return false;
    }
  }

  /** Whether renames still lead to it from wherever they did when it was opened. */
  boolean isWhereItWasOpened() {
    return device == deviceOfOpening;
  }

  boolean isElsewhere(Stamp stamp) {
    return inspector.stamps() && stamp.device() != device;
  }

  /** What {@code component} of a path is, not following it. */
  ComponentKind kindOf(Path component) throws IOException {
    return switch (inspector.directory(component, LinkOption.NOFOLLOW_LINKS)) {
      case Inspector.NotDirectory none -> ComponentKind.OTHER;
      case Inspector.Directory found when found.device() != device -> ComponentKind.ELSEWHERE;
      case Inspector.Directory found -> ComponentKind.DIRECTORY;
    };
  }

  RootIdentity identity() throws TreeException {
    try {
      return switch (inspector.directory(root)) {
        case Inspector.Directory found -> new RootIdentity(found.device(), found.inode(), marker());
        case Inspector.NotDirectory none ->
            throw new TreeException(
                new Problem(Kind.INPUT_OUTPUT, "the root is missing or not a directory"));
      };
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  private Path markerFile() {
    return own().resolve("identity");
  }

  /*
   * The marker is an extended attribute of the root itself: nothing to see in a web root, and gone
   * with the directory. Where the file system keeps no such attributes it is a file.
   */
  private Optional<UserDefinedFileAttributeView> attributes() {
    return Optional.ofNullable(
        Files.getFileAttributeView(root, UserDefinedFileAttributeView.class));
  }

  private String marker() throws IOException {
    Optional<UserDefinedFileAttributeView> view = attributes();
    if (view.isPresent()) {
      try {
        if (view.get().list().contains(MARKER_ATTRIBUTE)) {
          ByteBuffer value = ByteBuffer.allocate(MARKER_CHARACTERS_MAX);
          view.get().read(MARKER_ATTRIBUTE, value);
          return StandardCharsets.UTF_8.decode(value.flip()).toString();
        }
      } catch (IOException noAttributes) {
        return markerInFile();
      }
    }
    return markerInFile();
  }

  private String markerInFile() throws IOException {
    if (!Files.isDirectory(own(), LinkOption.NOFOLLOW_LINKS)
        || !Files.isRegularFile(markerFile(), LinkOption.NOFOLLOW_LINKS)
        || Files.size(markerFile()) > MARKER_CHARACTERS_MAX) {
      return "";
    }
    return new String(Files.readAllBytes(markerFile()), StandardCharsets.UTF_8).strip();
  }

  private boolean markByAttribute(String marker) {
    try {
      Optional<UserDefinedFileAttributeView> view = attributes();
      if (view.isPresent()) {
        view.get()
            .write(MARKER_ATTRIBUTE, ByteBuffer.wrap(marker.getBytes(StandardCharsets.UTF_8)));
        return true;
      }
      return false;
    } catch (IOException noAttributes) {
      return false;
    }
  }

  /**
   * A name in the root that nobody looks at, for trying a rename: {@code .replicator} itself unless
   * that is there. An attempt that a crash cut short left an empty file.
   */
  Path freeName(String inOwn) throws IOException {
    if (Files.isRegularFile(own(), LinkOption.NOFOLLOW_LINKS) && Files.size(own()) == 0) {
      Files.delete(own());
    }
    if (!Files.exists(own(), LinkOption.NOFOLLOW_LINKS)) {
      return own();
    }
    createOwn();
    return own().resolve(inOwn);
  }

  void createOwn() throws IOException {
    Staging.createPrivate(own(), inspector);
  }

  /** Written aside and moved, so that it is never there in part. */
  void mark(String marker) throws TreeException {
    try {
      String before = marker();
      if (!before.isEmpty() && !before.equals(marker)) {
        throw new FileAlreadyExistsException(root.toString(), null, "it has another marker");
      }
      if (!before.isEmpty() || markByAttribute(marker)) {
        return;
      }
      createOwn();
      Path written = own().resolve("identity.new");
      Files.deleteIfExists(written);
      try (FileChannel channel = FileChannel.open(written, Set.of(CREATE_NEW, WRITE))) {
        channel.write(ByteBuffer.wrap((marker + "\n").getBytes(StandardCharsets.UTF_8)));
        channel.force(true);
      }
      Files.move(written, markerFile());
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }
}
