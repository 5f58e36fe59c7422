package dev.replicator.linux;

import dev.replicator.model.Attributes;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;

/** A file that is being written in staging. */
final class LinuxStagedFile implements StagedFile {
  private final Staging staging;
  private final Metadata metadata;
  private final Gate gate;
  private final String name;
  private final Descriptor file;
  private final DescriptorChannel channel;
  private boolean sealed;

  private LinuxStagedFile(
      Staging staging, Metadata metadata, Gate gate, String name, Descriptor file) {
    this.staging = staging;
    this.metadata = metadata;
    this.gate = gate;
    this.name = name;
    this.file = file;
    this.channel = new DescriptorChannel(file);
  }

  /**
   * @param gate through which a file that was not sealed is removed again
   */
  static LinuxStagedFile create(Staging staging, Metadata metadata, Gate gate, String name)
      throws TreeException {
    try {
      return new LinuxStagedFile(staging, metadata, gate, name, staging.createFile(name));
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
      metadata.apply(file, mtime, attributes);
      Stamp stamp = PathCalls.status(file.number()).stamp();
      sealed = true;
      return stamp;
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** Once the tree is closed what was not sealed stays: a later start finds it. */
  @Override
  public void close() throws TreeException {
    file.close();
    if (!sealed) {
      gate.passUnlessClosed(() -> {
        staging.discard(name);
        return true;
      });
    }
  }
}
