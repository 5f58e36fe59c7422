package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A root whose directories and leaves somebody exchanges for symbolic links, from a process of his
 * own, and canaries outside that nobody may touch, or take for ours.
 */
public final class AttackGround implements AutoCloseable {
  public static final String SECRET = "a secret";
  static final String ONLY_OUTSIDE = "only-outside";

  private static final List<String> CANARIES =
      List.of("f", "l", "t", "h", "h2", "w", "e/g", "e/" + ONLY_OUTSIDE, ONLY_OUTSIDE);

  private final Path base;
  private final Path root;
  private final SharedCounter attacker;
  private final FileChannel ours;
  private final FileChannel theirs;
  private Map<String, String> canaries;
  private TreeSet<Long> inodes;

  private AttackGround(Path base, Path root) throws IOException {
    this.base = base;
    this.root = root;
    this.canaries = new TreeMap<>();
    this.inodes = new TreeSet<>();
    makeOutside();
    // Each has a namesake on the other side that nobody has open.
    this.ours = FileChannel.open(root.resolve("d/w"), StandardOpenOption.WRITE);
    this.theirs = FileChannel.open(outside().resolve("f"), StandardOpenOption.WRITE);
    this.attacker =
        SharedCounter.start(
            SymlinkAttacker.class, base.resolve("flips"), root.toString(), outside().toString());
  }

  /** Lays out {@code root}, the directory "outside" beside it, and has the attack begin. */
  public static AttackGround open(Path base, Path root) throws IOException {
    Files.createDirectories(root.resolve("d/e"));
    for (String name : List.of("d/f", "d/l", "d/t", "d/h", "d/v", "d/w", "d/e/g")) {
      Files.writeString(root.resolve(name), "ours");
    }
    Files.createLink(root.resolve("d/h2"), root.resolve("d/h"));
    Files.createSymbolicLink(root.resolve("other"), base.resolve("outside"));
    Files.createSymbolicLink(root.resolve("d/ex"), Path.of("../../outside/e"));
    Files.createSymbolicLink(root.resolve("d/lx"), base.resolve("outside/l"));
    AttackGround ground = new AttackGround(base, root);
    ground.attacker.await(1);
    return ground;
  }

  Path outside() {
    return base.resolve("outside");
  }

  Path root() {
    return root;
  }

  /** Canaries under every name that the attack leads to, as new. */
  void makeOutside() throws IOException {
    if (Files.exists(outside())) {
      try (Stream<Path> old = Files.walk(outside())) {
        old.sorted(java.util.Comparator.reverseOrder()).forEach(AttackGround::delete);
      }
    }
    Files.createDirectories(outside().resolve("e"));
    // Whatever went this way would find its name free.
    Files.createDirectories(outside().resolve("a/s"));
    Files.createDirectory(outside().resolve("empty"));
    for (String name : CANARIES) {
      Files.writeString(outside().resolve(name), SECRET);
    }
    attributes(outside().resolve("f")).write("canary", ByteBuffer.wrap(new byte[] {1}));
    canaries = snapshot();
    TreeSet<Long> found = new TreeSet<>();
    try (Stream<Path> paths = Files.walk(outside())) {
      for (Path path : paths.toList()) {
        found.add((Long) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS));
      }
    }
    inodes = found;
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static UserDefinedFileAttributeView attributes(Path path) {
    return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
  }

  /** Names, content and all that a change of anything leaves behind: its ctime above all. */
  private Map<String, String> snapshot() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(outside())) {
      for (Path path : paths.toList()) {
        TreeMap<String, Object> status =
            new TreeMap<>(Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS));
        status.remove("lastAccessTime");
        String content = Files.isRegularFile(path) ? Files.readString(path) : "";
        all.put(
            outside().relativize(path).toString(),
            status + " " + attributes(path).list() + " " + content);
      }
    }
    return all;
  }

  public boolean isSafe() throws IOException {
    return snapshot().equals(canaries);
  }

  public void assertSafe() throws IOException {
    assertEquals(canaries, snapshot());
  }

  boolean isOutside(long inode) {
    return inodes.contains(inode);
  }

  /** Exchanges made up to now. */
  public long flips() {
    return attacker.count();
  }

  public void assertAttacked() {
    assertTrue(attacker.isAlive(), "the attacker gave up");
  }

  @Override
  public void close() throws IOException {
    attacker.end();
    ours.close();
    theirs.close();
  }
}
