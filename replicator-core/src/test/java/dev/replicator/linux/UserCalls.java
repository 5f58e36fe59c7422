package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a user of a directory does that the Java library cannot. */
public final class UserCalls {
  private static final MethodHandle TRUNCATE =
      CLibrary.function("truncate", JAVA_INT, ADDRESS, JAVA_LONG);

  private UserCalls() {}

  /** Puts {@code one} in the place of {@code other}, and that in its own, in one step. */
  public static void exchange(Path one, Path other) throws IOException {
    rename(one, other, PathCalls.EXCHANGE);
  }

  /** Gives {@code one} another name, which must be free. */
  public static void move(Path one, Path other) throws IOException {
    rename(one, other, PathCalls.REPLACE_NOTHING);
  }

  /** Makes a file that is opened for reading only, and closes it at once. */
  static void makeUnwritten(Path path) throws IOException {
    try (Descriptor directory = above(path);
        Descriptor made =
            PathCalls.openBeneath(
                directory.number(), name(path), PathCalls.CREATE | PathCalls.READ)) {
      made.number();
    }
  }

  /** Cuts a file off by its name: nobody opens it. */
  static void cutOff(Path path, long size) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString());
      MemorySegment state = CLibrary.state();
      int result;
      try {
        result = (int) TRUNCATE.invokeExact(state, name, size);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
      Errno.check(CLibrary.result(result, state), "truncate");
    }
  }

  private static void rename(Path one, Path other, int flags) throws IOException {
    try (Descriptor from = above(one);
        Descriptor to = above(other)) {
      PathCalls.rename(from.number(), name(one), to.number(), name(other), flags);
    } catch (Errno failure) {
      throw switch (failure.number()) {
        case Errno.ENOENT -> new NoSuchFileException(other.toString());
        case Errno.EEXIST -> new FileAlreadyExistsException(other.toString());
        default -> failure;
      };
    }
  }

  private static Descriptor above(Path path) throws Errno {
    Path directory = path.toAbsolutePath().resolveSibling(".");
    return PathCalls.openNamed(AdminPath.octets(directory), PathCalls.DIRECTORY);
  }

  private static byte[] name(Path path) {
    return String.valueOf(path.getFileName()).getBytes(StandardCharsets.UTF_8);
  }
}
