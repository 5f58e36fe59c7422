package dev.replicator.portable;

import dev.replicator.model.Attributes;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A file that is being written in staging. */
final class PortableStagedFile implements StagedFile {
  private final String name;
  private final Path path;
  private final SeekableByteChannel channel;
  private final Inspector inspector;
  private final Metadata metadata;
  private boolean sealed;

  private PortableStagedFile(
      String name, Path path, SeekableByteChannel channel, Inspector inspector, Metadata metadata) {
    this.name = name;
    this.path = path;
    this.channel = channel;
    this.inspector = inspector;
    this.metadata = metadata;
  }

  static PortableStagedFile create(Staging staging, Inspector inspector, Metadata metadata)
      throws TreeException {
    String name = staging.freshName();
    Path path = staging.path(name);
    try {
      return new PortableStagedFile(name, path, staging.create(path), inspector, metadata);
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  @Override
  public SeekableByteChannel channel() {
    return channel;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Stamp seal(long size, Instant mtime, Attributes attributes) throws TreeException {
    try {
      resize(size);
      channel.close();
      metadata.apply(path, mtime, attributes);
      if (inspector.look(path) instanceof Look.Found found) {
        sealed = true;
        return found.stamp();
      }
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
    throw new TreeException(new Problem(Kind.INPUT_OUTPUT, "staged file vanished"));
  }

  /** A last byte is all it takes to end in a hole. */
  private void resize(long size) throws IOException {
    long written = channel.size();
    if (written > size) {
      channel.truncate(size);
    } else if (written < size) {
      channel.position(size - 1).write(ByteBuffer.wrap(new byte[1]));
    }
  }

  @Override
  public void close() throws TreeException {
    try {
      channel.close();
      if (!sealed) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }
}
