package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.linux.UserCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/*
 * Each write carries a token of its own. A token may only be missing at the end when its writer
 * himself replaced it, knowing it: when he cut the very file short in which he had just read it, or
 * when what his rename or removal took from the name turned out to hold it. So that he can tell, a
 * rename over the name is an exchange, and a removal a move away: to others they are the same.
 */

/** Writes to one file in every way that users have, and knows what must not be lost of it. */
final class TokenWriter implements AutoCloseable {
  private static final int WAYS = 5;
  private static final int HELD_WRITES = 3;
  private static final long HOLD_NANOS_MAX = 2_000_000;
  private static final Pattern TOKEN = Pattern.compile("L(\\d{12})\n");

  private final Path file;
  private final Path spare;
  private final int restNanosMax;
  private final SplittableRandom random;
  private final AtomicLong steps = new AtomicLong();
  private final AtomicLong applied = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final BitSet found = new BitSet();
  private final BitSet replaced = new BitSet();
  private final Thread thread;
  private volatile boolean stopped;
  private int tokens;

  /** Of each token how it was written. */
  private final StringBuilder ways = new StringBuilder();

  /**
   * @param spare a place on the same file system, for what is not under its name yet or any more
   * @param restNanosMax between two writes
   */
  TokenWriter(Path file, Path spare, int restNanosMax, long seed) {
    this.file = file;
    this.spare = spare;
    this.restNanosMax = restNanosMax;
    this.random = new SplittableRandom(seed);
    this.thread = Thread.ofPlatform().name("writer").start(this::run);
  }

  /** Odd while he writes; another number once he has written. */
  long steps() {
    return steps.get();
  }

  /** Tells him that another version was put in place. */
  void applied() {
    applied.incrementAndGet();
  }

  /** What {@code content} holds is not lost. */
  void found(String content) {
    synchronized (found) {
      mark(found, content);
    }
  }

  private static void mark(BitSet tokens, String content) {
    TOKEN.matcher(content).results().forEach(match -> tokens.set(Integer.parseInt(match.group(1))));
  }

  private void run() {
    try {
      while (!stopped) {
        steps.incrementAndGet();
        int before = tokens;
        int way = random.nextInt(WAYS);
        write(way);
        ways.append(Integer.toString(way).repeat(tokens - before));
        steps.incrementAndGet();
        LockSupport.parkNanos(random.nextInt(restNanosMax));
      }
    } catch (IOException | RuntimeException broken) {
      failure.set(broken);
    }
  }

  private void write(int way) throws IOException {
    try {
      switch (way) {
        case 0 -> cutShort();
        case 1 -> append(1);
        case 2 -> append(HELD_WRITES);
        case 3 -> renameOver();
        default -> removeAndMake();
      }
    } catch (NoSuchFileException gone) {
      make();
    }
  }

  private ByteBuffer token() {
    String text = "L%012d\n".formatted(tokens++);
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void cutShort() throws IOException {
    String before;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer content = ByteBuffer.allocate((int) channel.size());
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // All of it.
      }
      before = new String(content.array(), StandardCharsets.US_ASCII);
      channel.truncate(0);
      channel.write(token(), 0);
    }
    mark(replaced, before);
  }

  /** With several writes he holds it open, while it is replaced if it can be. */
  private void append(int writes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      for (int i = 0; i < writes; i++) {
        if (writes > 1) {
          awaitApply();
        }
        channel.write(token());
      }
    }
  }

  private void awaitApply() {
    long before = applied.get();
    long end = System.nanoTime() + HOLD_NANOS_MAX;
    while (applied.get() == before && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000);
    }
  }

  private void renameOver() throws IOException {
    Files.write(spare, token().array(), StandardOpenOption.CREATE_NEW);
    try {
      UserCalls.exchange(spare, file);
      removeSpare();
    } catch (NoSuchFileException gone) {
      try {
        UserCalls.move(spare, file);
      } catch (FileAlreadyExistsException back) {
        UserCalls.exchange(spare, file);
        removeSpare();
      }
    }
  }

  private void removeAndMake() throws IOException {
    UserCalls.move(file, spare);
    removeSpare();
    make();
  }

  private void removeSpare() throws IOException {
    mark(replaced, Files.readString(spare));
    Files.delete(spare);
  }

  private void make() throws IOException {
    try {
      Files.write(file, token().array(), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException back) {
      // Somebody was faster; that token was never written.
      synchronized (found) {
        found.set(tokens - 1);
      }
    }
  }

  /** After the end: every token was found or replaced by himself. Tells how many were written. */
  int assertNothingLost() {
    BitSet lost = new BitSet();
    lost.set(0, tokens);
    synchronized (found) {
      lost.andNot(found);
    }
    lost.andNot(replaced);
    assertEquals(
        new BitSet(), lost, () -> "lost of " + tokens + ", written in the ways " + waysOf(lost));
    return tokens;
  }

  private String waysOf(BitSet lost) {
    return lost.stream().limit(WAYS).mapToObj(token -> ways.charAt(token) + " ").toList() + "";
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable broken = failure.get();
    if (broken != null) {
      throw new IllegalStateException(broken);
    }
  }

  static String read(Path path) {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException gone) {
      return "";
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
