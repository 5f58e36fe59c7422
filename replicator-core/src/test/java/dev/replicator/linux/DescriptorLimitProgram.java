package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.replicator.host.MachineClock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows what happens below a directory while this process may open no more files, and prints what
 * the watches tell. All of it is done without that limit before: classes are files, too.
 */
final class DescriptorLimitProgram {
  private static final int RLIMIT_NOFILE = 7;
  private static final int NO_MORE = 3;
  private static final int LIMIT_BYTES = 16;
  private static final MethodHandle GET =
      CLibrary.function("getrlimit", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SET =
      CLibrary.function("setrlimit", JAVA_INT, JAVA_INT, ADDRESS);

  /** No second half of a move is waited for, and what is not watched is tried at once again. */
  private static final WatchTiming IMPATIENT =
      new WatchTiming(Duration.ofSeconds(20), Duration.ZERO, Duration.ZERO);

  private final Path root;
  private final boolean limited;
  private final List<String> told = new ArrayList<>();

  private DescriptorLimitProgram(Path root, boolean limited) {
    this.root = root;
    this.limited = limited;
  }

  public static void main(String[] arguments) throws IOException {
    Path base = Path.of(arguments[0]);
    new DescriptorLimitProgram(base.resolve("free"), false).run();
    System.out.println("limited");
    new DescriptorLimitProgram(base.resolve("limited"), true).run();
  }

  private static long limit(long descriptors) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(LIMIT_BYTES, Long.BYTES);
      int got = (int) GET.invokeExact(CLibrary.state(), RLIMIT_NOFILE, limit);
      long before = limit.get(JAVA_LONG, 0);
      limit.set(JAVA_LONG, 0, descriptors);
      int set = (int) SET.invokeExact(CLibrary.state(), RLIMIT_NOFILE, limit);
      if (got != 0 || set != 0) {
        throw new AssertionError("cannot be limited");
      }
      return before;
    } catch (RuntimeException | Error broken) {
      throw broken;
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** What somebody does, and what is read of it, while nothing can be opened. */
  private interface Doing {
    void run() throws IOException;
  }

  private void withoutDescriptors(Doing doing) throws IOException {
    long before = limit(NO_MORE);
    limit(limited ? NO_MORE : before);
    try {
      doing.run();
    } finally {
      limit(before);
    }
  }

  private void run() throws IOException {
    Files.createDirectories(root.resolve("top/below"));
    Files.createDirectories(root.resolve("other"));
    try (InotifySource source = open()) {
      source.begin();
      withoutDescriptors(() -> {
        Files.createDirectory(root.resolve("fresh"));
        Files.createDirectory(root.resolve("fresh/sub"));
        Files.move(root.resolve("top"), root.resolve("moved"));
        read(source);
        source.notes().forEach(note -> System.out.println("note " + note));
      });
      print("blind");
      Files.writeString(root.resolve("moved/below/f"), "x");
      read(source);
      print("moved");
      Files.writeString(root.resolve("fresh/sub/f"), "x");
      read(source);
      print("fresh");
      long queued = WatchLimits.queuedEvents();
      withoutDescriptors(() -> overflow(source, queued));
      print("overflow");
      // The watches are as they were.
      Files.writeString(root.resolve("other/f"), "x");
      read(source);
      print("after");
    }
  }

  private InotifySource open() throws IOException {
    return InotifySource.open(
        root,
        MachineClock.open(),
        IMPATIENT,
        Integer.MAX_VALUE,
        new WatchHintsTest.Told(told),
        () -> false);
  }

  private void overflow(InotifySource source, long queued) throws IOException {
    Path name = root.resolve("name");
    for (long events = 0; events <= queued; events += 2) {
      Files.createDirectory(name);
      Files.delete(name);
    }
    try {
      read(source);
    } catch (IOException failure) {
      told.add("failed: " + failure.getMessage());
    }
  }

  private static void read(InotifySource source) throws IOException {
    while (source.waiting() > 0) {
      source.read();
    }
    source.timers();
  }

  private void print(String step) {
    told.forEach(hint -> System.out.println(step + ": " + hint));
    told.clear();
  }
}
