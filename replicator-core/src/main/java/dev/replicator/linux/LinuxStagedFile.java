package dev.replicator.linux;

import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Optional;

/** A file that is being written in staging. */
final class LinuxStagedFile implements StagedFile {
  private final Staging staging;
  private final Metadata metadata;
  private final Gate gate;
  private final String name;

  /** Whose part it still is. */
  private Optional<Digest> part;

  private final Descriptor file;
  private final DescriptorChannel channel;
  private boolean sealed;

  private LinuxStagedFile(
      Staging staging,
      Metadata metadata,
      Gate gate,
      String name,
      Optional<Digest> part,
      Descriptor file) {
    this.staging = staging;
    this.metadata = metadata;
    this.gate = gate;
    this.name = name;
    this.part = part;
    this.file = file;
    this.channel = new DescriptorChannel(file);
  }

  /**
   * @param gate through which a file that was not sealed is removed again
   */
  static LinuxStagedFile create(Staging staging, Metadata metadata, Gate gate, String name)
      throws TreeException {
    try {
      return new LinuxStagedFile(
          staging, metadata, gate, name, Optional.empty(), staging.createFile(name));
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /**
   * What is there of {@code content}, to be gone on with.
   *
   * @param name that it has from when it is sealed
   */
  static LinuxStagedFile part(
      Staging staging, Metadata metadata, Gate gate, String name, Digest content)
      throws TreeException {
    try {
      Descriptor part = staging.parts().open(content);
      return new LinuxStagedFile(staging, metadata, gate, name, Optional.of(content), part);
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  @Override
  public SeekableByteChannel channel() {
    return channel;
  }

  DescriptorChannel file() {
    return channel;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Stamp seal(long size, Instant mtime, Attributes attributes) throws TreeException {
    try (file) {
      channel.resize(size);
      if (part.isPresent()) {
        // First: what has somebody's rights and attributes is never gone on with.
        staging.parts().complete(part.get(), name);
        part = Optional.empty();
      }
      metadata.apply(file, mtime, attributes);
      Stamp stamp = PathCalls.status(file.number()).stamp();
      sealed = true;
      return stamp;
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** A part stays. Once the tree is closed all that was not sealed does: a later start finds it. */
  @Override
  public void close() throws TreeException {
    file.close();
    if (!sealed && part.isEmpty()) {
      gate.passUnlessClosed(() -> {
        staging.discard(name);
        return true;
      });
    }
  }
}
