package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Staged;
import dev.replicator.port.Tree.StagedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A tree, a user of the same directory, and the values that their tests are made of. */
public interface TreeUnderTest {
  Instant MTIME = Instant.parse("2024-02-29T12:34:56.123456789Z");

  Tree tree();

  TreeUser user();

  /** Whether stamps are those of a real disk: device, inode, ctime, owner. */
  boolean stamps();

  /** A directory outside of the root, on the same file system. */
  Path outside();

  /** A name of that directory as a link text in the root would have it. */
  Bytes outsideText(String name);

  /** The same tree, opened anew as after the end of the process. */
  Tree reopen() throws TreeException;

  /** Does {@code action} once, in the next exchange, between its last check and its change. */
  void inTheWindow(Runnable action);

  /**
   * Does {@code action} once, when the next directory that is put as a whole has got {@code count}
   * of its members.
   */
  void whileGathering(int count, Runnable action);

  /** Does {@code action} once, in the next exchange, after its change and before its answer. */
  void afterTheChange(Runnable action);

  /** Shows {@code reader} what the path holds, empty without one, over and over until closed. */
  Reading whileReading(RelativePath path, Consumer<Optional<String>> reader);

  /** A reader at work. */
  interface Reading extends AutoCloseable {
    @Override
    void close();
  }

  default Look.Found found(String path) throws TreeException {
    return found(RelativePath.of(path));
  }

  default Look.Found found(RelativePath path) throws TreeException {
    return assertInstanceOf(Look.Found.class, tree().look(path));
  }

  default Attributes attributes(EntryType type, int mode) throws TreeException {
    Attributes root = found(RelativePath.ROOT).attributes();
    return new Attributes(type, mode, root.owner(), root.group());
  }

  static Entry.File file(String content) {
    byte[] octets = content.getBytes(StandardCharsets.ISO_8859_1);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
      return new Entry.File(Digest.of(digest), octets.length);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static RelativePath raw(String text) {
    return RelativePath.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  default Target fileTarget(String content) throws TreeException {
    return new Target(file(content), MTIME, attributes(EntryType.FILE, 0640));
  }

  default Target directoryTarget(int mode) throws TreeException {
    return new Target(Entry.DIRECTORY, MTIME, attributes(EntryType.DIRECTORY, mode));
  }

  default Target linkTarget(String text) throws TreeException {
    return new Target(new Entry.Symlink(bytes(text)), MTIME, attributes(EntryType.SYMLINK, 0777));
  }

  /** What the engine would remember of the path as it is now. */
  default Materialised materialised(String path) throws TreeException {
    Look.Found found = found(path);
    Entry entry =
        switch (found.type()) {
          case FILE -> file(user().read(RelativePath.of(path)));
          case SYMLINK -> new Entry.Symlink(found.linkTarget());
          case DIRECTORY -> Entry.DIRECTORY;
          case ABSENT -> Entry.ABSENT;
        };
    Instant mtime = Instant.ofEpochSecond(0, found.stamp().mtimeNanos());
    Target actual = new Target(entry, mtime, found.attributes());
    return new Materialised(found.stamp(), actual, found.attributes(), Knowledge.NONE);
  }

  default Staged stageFile(String content, Target target) throws TreeException {
    byte[] octets = content.getBytes(StandardCharsets.ISO_8859_1);
    try (StagedFile staged = tree().stageFile()) {
      staged.channel().write(ByteBuffer.wrap(octets));
      Stamp stamp = staged.seal(octets.length, target.mtime(), target.attributes());
      return new Staged(staged.name(), stamp);
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  /** An intent whose object is ready in staging. */
  default Intent intent(Optional<Materialised> expected, Target target, Staged staged) {
    return new Intent(expected, target, Knowledge.NONE, Optional.of(staged.stamp()), staged.name());
  }

  default Intent fileIntent(Optional<Materialised> expected, String content) throws TreeException {
    Target target = fileTarget(content);
    return intent(expected, target, stageFile(content, target));
  }

  default Intent stagedIntent(Optional<Materialised> expected, Target target) throws TreeException {
    return intent(expected, target, tree().stage(target));
  }

  /** An intent without a staged object: a removal, or metadata alone. */
  default Intent bareIntent(Optional<Materialised> expected, Target target) {
    return new Intent(expected, target, Knowledge.NONE, Optional.empty(), "");
  }

  default Intent removal(Materialised expected) {
    return bareIntent(Optional.of(expected), Target.ABSENT);
  }

  default String readStaged(String name) throws TreeException {
    try (SeekableByteChannel channel = tree().readStaged(name)) {
      return read(channel);
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  static String read(SeekableByteChannel channel) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (channel.read(buffer) >= 0) {
      octets.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    return octets.toString(StandardCharsets.ISO_8859_1);
  }
}
