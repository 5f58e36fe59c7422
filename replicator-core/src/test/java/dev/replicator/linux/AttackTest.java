package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody who owns the tree swaps its names as fast as he can. */
final class AttackTest extends LinuxTreeFixture {
  private static final int FLIPS_MAX = 60_000;
  private static final String SECRET = "secret";
  private static final RelativePath BELOW = RelativePath.of("d/f");

  @BeforeEach
  void prepare() throws Exception {
    Files.writeString(outside().resolve("f"), SECRET);
    Files.createDirectory(root().resolve("d"));
    Files.writeString(root().resolve("d/f"), "ours");
    Files.createSymbolicLink(root().resolve("other"), outside());
  }

  /** Exchanges two names of the root, in one step, until it is closed or has done enough. */
  private final class Flipper implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong flips = new AtomicLong();
    private final Thread thread;

    Flipper() {
      thread = Thread.ofPlatform().name("attacker").start(this::run);
    }

    private void run() {
      while (!isOver()) {
        flip();
        flips.incrementAndGet();
      }
    }

    boolean isOver() {
      return stopped.get() || flips.get() >= FLIPS_MAX;
    }

    @Override
    public void close() {
      stopped.set(true);
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void flip() {
    try (Descriptor root = PathCalls.openNamed(AdminPath.octets(root()), PathCalls.DIRECTORY)) {
      PathCalls.rename(root.number(), name("d"), root.number(), name("other"), PathCalls.EXCHANGE);
    } catch (Errno failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static byte[] name(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether everything outside is as it was. */
  private boolean isSafe() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (var children = Files.list(outside())) {
      children.forEach(child -> names.add(String.valueOf(child.getFileName())));
    }
    return names.equals(new TreeSet<>(List.of("f")))
        && Files.readString(outside().resolve("f")).equals(SECRET);
  }

  /** What a program does that checks a path and then uses it. */
  private void writeNaively(Runnable inBetween) throws IOException {
    Path directory = root().resolve("d");
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      inBetween.run();
      Files.writeString(directory.resolve("f"), "naive");
    }
  }

  @Test
  void catchesAProgramThatChecksAPathAndThenUsesIt() throws Exception {
    assertTrue(isSafe());

    writeNaively(this::flip);

    assertNotEquals(SECRET, Files.readString(outside().resolve("f")));
    assertEquals(false, isSafe());
  }

  @Test
  void staysInTheDirectoryThatItCheckedWhenItIsSwappedInTheWindow() throws Exception {
    Intent created = fileIntent(Optional.empty(), "new");
    inTheWindow(this::flip);
    assertInstanceOf(Exchanged.Done.class, tree().exchange(RelativePath.of("d/new"), created));
    assertEquals("new", user().read(RelativePath.of("other/new")));
    flip();

    Intent replaced = fileIntent(Optional.of(materialised("d/f")), "new");
    inTheWindow(this::flip);
    assertInstanceOf(Exchanged.Done.class, tree().exchange(BELOW, replaced));
    flip();
    Materialised expected = materialised("d/f");
    inTheWindow(this::flip);
    assertInstanceOf(Exchanged.Removed.class, tree().exchange(BELOW, removal(expected)));

    assertTrue(isSafe());
  }

  @Test
  @Timeout(120)
  void neverLeavesTheRootWhateverIsSwapped() throws Exception {
    int changes = 0;
    try (Flipper attacker = new Flipper()) {
      for (int round = 0; !attacker.isOver(); round++) {
        changes += round(RelativePath.of("d/n" + round)) ? 1 : 0;
      }
    }

    assertTrue(isSafe());
    assertTrue(changes > 0, "the attacker left no moment for any change");
  }

  /** Does everything once that takes a path. */
  private boolean round(RelativePath fresh) throws IOException {
    boolean changed = false;
    try {
      tree().look(BELOW);
      for (Child child : tree().list(RelativePath.of("d"))) {
        assertTrue(child.look() instanceof Look.Found || child.look() instanceof Look.Special);
      }
      Intent create = fileIntent(Optional.empty(), "x");
      Exchanged created = tree().exchange(fresh, create);
      tree().discard(create.stagedName());
      changed = created instanceof Exchanged.Done;
      if (created instanceof Exchanged.Done done) {
        Materialised there =
            new Materialised(
                done.stamp(), done.actual(), done.actual().attributes(), Knowledge.NONE);
        Target touched = new Target(done.actual().entry(), MTIME, attributes(EntryType.FILE, 0600));
        tree().exchange(fresh, bareIntent(Optional.of(there), touched));
        tree().exchange(fresh, removal(there));
      }
      if (tree().look(BELOW) instanceof Look.Found found && found.type() == EntryType.FILE) {
        try (SeekableByteChannel channel = tree().read(BELOW, found.stamp())) {
          assertNotEquals(SECRET, TreeUnderTest.read(channel));
        }
      }
    } catch (TreeException swapped) {
      // It was a link just then.
    }
    return changed;
  }

  @Test
  @Timeout(120)
  void takesAFileThatLeavesTheRootForGoneAndForNoMountPoint() throws Exception {
    Path inside = root().resolve("moved");
    Path beyond = outside().resolve("moved");
    Files.writeString(inside, "x");
    AtomicBoolean over = new AtomicBoolean();
    Thread mover =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int i = 0; i < FLIPS_MAX / 2; i++) {
                  UserCalls.move(inside, beyond);
                  UserCalls.move(beyond, inside);
                }
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              } finally {
                over.set(true);
              }
            });
    while (!over.get()) {
      Look look = tree().look(RelativePath.of("moved"));
      assertTrue(look instanceof Look.Found || look instanceof Look.Gone, look::toString);
    }
    mover.join();
    assertTrue(Files.exists(inside));
  }

  @Test
  @Timeout(120)
  void neverOpensAFifoThatTakesThePlaceOfAFile() throws Exception {
    Files.delete(root().resolve("d/f"));
    Files.delete(root().resolve("d"));
    Files.delete(root().resolve("other"));
    Files.writeString(root().resolve("d"), "file");
    assumeTrue(user().makeFifo(RelativePath.of("other")), "no FIFOs here");
    int reads = 0;
    try (Flipper attacker = new Flipper()) {
      while (!attacker.isOver()) {
        try {
          if (tree().look(RelativePath.of("d")) instanceof Look.Found found) {
            try (SeekableByteChannel channel = tree().read(RelativePath.of("d"), found.stamp())) {
              assertEquals("file", TreeUnderTest.read(channel));
              reads++;
            }
          }
        } catch (TreeException swapped) {
          // It was a FIFO just then.
        }
      }
    }
    assertTrue(reads > 0, "the attacker left no moment for any read");
  }
}
