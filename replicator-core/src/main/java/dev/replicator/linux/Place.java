package dev.replicator.linux;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Look;
import java.io.IOException;

/** A name in a directory that is held. */
final class Place {
  private static final byte[] HERE = {'.'};

  private final Inspector inspector;
  private final Descriptor parent;
  private final byte[] name;

  Place(Inspector inspector, Descriptor parent, byte[] name) {
    this.inspector = inspector;
    this.parent = parent;
    this.name = name;
  }

  /** Where {@code path} is in its {@code parent}. */
  static Place of(Inspector inspector, Descriptor parent, RelativePath path) {
    return new Place(inspector, parent, path.isRoot() ? HERE : path.name());
  }

  Look look() throws IOException {
    return inspector.look(parent, name);
  }

  /** The same; {@code also} takes what is held when it is a regular file. */
  Look look(Inspector.Holder also) throws IOException {
    return inspector.look(parent, name, also);
  }

  /** Holds what is there without opening it. */
  Descriptor hold() throws Errno {
    return PathCalls.openBeneath(parent.number(), name, PathCalls.LOCATE);
  }

  /** Opens what is there. */
  Descriptor open(int flags) throws Errno {
    return PathCalls.openBeneath(parent.number(), name, flags);
  }

  /**
   * Whether a directory there is empty.
   *
   * @throws Errno when there is no directory
   */
  boolean isEmptyDirectory() throws IOException {
    boolean[] empty = {true};
    try (Descriptor directory =
        PathCalls.openBeneath(parent.number(), name, PathCalls.READ | PathCalls.DIRECTORY)) {
      Listing.read(directory, (text, octets) -> empty[0] = false);
    }
    return empty[0];
  }

  /** Gives what waits in staging this name, which must be free. */
  void create(Staging staging, byte[] staged) throws Errno {
    PathCalls.rename(
        staging.directory().number(), staged, parent.number(), name, PathCalls.REPLACE_NOTHING);
  }

  /** Gives what waits in staging this name, and what has it the name in staging: at once. */
  void exchange(Staging staging, byte[] staged) throws Errno {
    PathCalls.rename(
        staging.directory().number(), staged, parent.number(), name, PathCalls.EXCHANGE);
  }

  /** Takes what is there, whatever it is, into staging. */
  void moveAside(Staging staging, byte[] staged) throws Errno {
    PathCalls.rename(
        parent.number(), name, staging.directory().number(), staged, PathCalls.REPLACE_NOTHING);
  }

  void removeDirectory() throws Errno {
    PathCalls.remove(parent.number(), name, PathCalls.REMOVE_DIRECTORY);
  }
}
