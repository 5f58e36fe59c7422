package dev.replicator.cli.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One user of one tree, who does everything that users do, and tells the judge exactly what. */
final class LoadWriter implements Runnable {
  static final String STABLE = "stable";
  static final String FLAT = "flat";
  static final String EDITED = "edited";
  static final String MOVED = "moved";

  static final int STABLE_NAMES = 8;
  private static final int FLAT_NAMES = 48;
  private static final int EDITED_NAMES = 16;
  private static final int DIRECTORIES_MAX = 12;

  /** Two users who rename one directory at once have two afterwards: somebody has to tidy up. */
  private static final int DIRECTORIES_FULL = 24;

  private static final int STABLE_BYTES_MAX = 150_000;

  private final String name;
  private final Path root;
  private final Path scratch;
  private final Tokens tokens;
  private final Random random;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicInteger done = new AtomicInteger();
  private int next;

  LoadWriter(TestNode node, Tokens tokens, long seed) throws IOException {
    this.name = node.name();
    this.root = node.root();
    this.scratch = Files.createDirectories(node.home().resolve("scratch"));
    this.tokens = tokens;
    this.random = new Random(seed);
  }

  int done() {
    return done.get();
  }

  void stop() {
    stopped.set(true);
  }

  /** Everything that has to stand before anybody may rely on it. */
  void begin() throws IOException {
    for (String directory : List.of(STABLE, FLAT, EDITED, MOVED)) {
      Files.createDirectories(root.resolve(directory));
    }
    for (int number = 0; number < STABLE_NAMES; number++) {
      put(STABLE + "/" + number, STABLE_BYTES_MAX / 2);
    }
    for (int number = 0; number < EDITED_NAMES; number++) {
      put(EDITED + "/" + number, Marked.SHORT_BYTES);
    }
  }

  @Override
  public void run() {
    stopped.set(false);
    try {
      while (!stopped.get()) {
        act();
        done.incrementAndGet();
        Deadline.rest();
      }
    } catch (IOException broken) {
      throw new AssertionError(name + " cannot write", broken);
    }
  }

  private void act() throws IOException {
    switch (random.nextInt(8)) {
      case 0, 1 ->
          put(
              STABLE + "/" + random.nextInt(STABLE_NAMES),
              Marked.SHORT_BYTES + random.nextInt(STABLE_BYTES_MAX));
      case 2, 3 -> put(FLAT + "/" + random.nextInt(FLAT_NAMES), Marked.SHORT_BYTES);
      case 4 -> delete(FLAT + "/" + random.nextInt(FLAT_NAMES));
      case 5, 6 -> edit(EDITED + "/" + random.nextInt(EDITED_NAMES));
      default -> move();
    }
  }

  private Marked mark(int length) {
    return new Marked(name + "." + next++, length);
  }

  /** Creates or replaces by rename; knows what it replaced, for it takes it away in one step. */
  private void put(String path, int length) throws IOException {
    Marked mark = mark(length);
    Path staged = scratch.resolve("staged");
    Files.write(staged, mark.bytes());
    // Before it shows, for then somebody else may go over it.
    tokens.wrote(path, mark.token());
    if (Renames.exchange(staged, root.resolve(path))) {
      over(staged);
    } else {
      create(staged, root.resolve(path));
    }
  }

  private void create(Path staged, Path target) throws IOException {
    try {
      // A link fails where a rename would go over what arrived in between.
      Files.createLink(target, staged);
      Files.delete(staged);
    } catch (FileAlreadyExistsException arrived) {
      if (Renames.exchange(staged, target)) {
        over(staged);
      } else {
        tokens.over(token(staged).orElseThrow());
      }
    }
  }

  /** What was taken away was known to who took it. */
  private void over(Path taken) throws IOException {
    token(taken).ifPresent(tokens::over);
    Files.delete(taken);
  }

  private void delete(String path) throws IOException {
    Path taken = scratch.resolve("taken");
    try {
      Files.move(root.resolve(path), taken, StandardCopyOption.ATOMIC_MOVE);
      over(taken);
    } catch (NoSuchFileException nothing) {
      // Nothing to delete now.
    }
  }

  /** Reads and writes through one descriptor: what it goes over is what it read. */
  private void edit(String path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(root.resolve(path), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer before = ByteBuffer.allocate(Marked.SHORT_BYTES);
      channel.read(before, 0);
      Optional<Marked> read = Marked.of(before.array());
      if (read.isPresent()) {
        Marked mark = mark(Marked.SHORT_BYTES);
        tokens.wrote(path, mark.token());
        channel.write(ByteBuffer.wrap(mark.bytes()), 0);
        tokens.over(read.get().token());
      }
    } catch (NoSuchFileException gone) {
      // Not here now.
    }
  }

  /** Makes a directory with files, or gives one that is there another name. */
  private void move() throws IOException {
    List<Path> directories;
    try (Stream<Path> all = Files.list(root.resolve(MOVED))) {
      directories = all.toList();
    }
    Path target = root.resolve(MOVED).resolve(name + "-" + next++);
    if (directories.size() < DIRECTORIES_MAX) {
      Files.createDirectory(target);
      for (int number = 0; number < 3; number++) {
        put(root.relativize(target) + "/" + number, Marked.SHORT_BYTES);
      }
      return;
    }
    Path source = directories.get(random.nextInt(directories.size()));
    if (directories.size() > DIRECTORIES_FULL) {
      removeTree(source);
      return;
    }
    try {
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException gone) {
      // Somebody else moved it.
    }
  }

  private void removeTree(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        delete(root.relativize(file).toString());
      }
      Files.delete(directory);
    } catch (NoSuchFileException | DirectoryNotEmptyException changed) {
      // Somebody else moved it, or put something into it.
    }
  }

  private static Optional<String> token(Path file) throws IOException {
    return Marked.of(Files.readAllBytes(file)).map(Marked::token);
  }
}
