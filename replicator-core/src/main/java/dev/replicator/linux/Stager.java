package dev.replicator.linux;

import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Staged;
import dev.replicator.port.TreeException;
import java.io.IOException;

/** Makes new objects in staging, with all of their metadata. */
final class Stager {
  private static final int PRIVATE = 0700;

  private final Staging staging;
  private final Metadata metadata;
  private final Gate gate;

  Stager(Staging staging, Metadata metadata, Gate gate) {
    this.staging = staging;
    this.metadata = metadata;
    this.gate = gate;
  }

  /** A file to be written. */
  LinuxStagedFile file(String name) throws TreeException {
    return LinuxStagedFile.create(staging, metadata, gate, name);
  }

  /** The same, for a content of which a part may be there. */
  LinuxStagedFile part(Digest content, String name) throws TreeException {
    return LinuxStagedFile.part(staging, metadata, gate, name, content);
  }

  /** A symbolic link or an empty directory. */
  Staged stage(Target target, String name) throws TreeException {
    byte[] octets = Staging.octets(name);
    int directory = staging.directory().number();
    try {
      switch (target.entry()) {
        case Entry.Directory it -> PathCalls.makeDirectory(directory, octets, PRIVATE);
        case Entry.Symlink link -> PathCalls.makeLink(link.target(), directory, octets);
        case Entry.File file -> throw new IllegalArgumentException("a file is staged by writing");
        case Entry.Absent absent -> throw new IllegalArgumentException("nothing to stage");
      }
      try (Descriptor made = staging.hold(name)) {
        metadata.apply(made, target.mtime(), target.attributes());
        return new Staged(name, PathCalls.status(made.number()).stamp());
      }
    } catch (IOException failure) {
      staging.drop(name);
      throw Errno.treeException(failure);
    }
  }
}
