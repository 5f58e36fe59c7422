package dev.replicator.cli.cluster;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Puts a file under a name and takes what stood there away in one step: only so a test knows
 * exactly which version it replaced.
 */
final class Renames {
  private static final int AT_FDCWD = -100;
  private static final int EXCHANGE = 2;
  private static final MethodHandle RENAME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("renameat2"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));

  private Renames() {}

  /** Whether both names existed and now stand for what the other one stood for. */
  static boolean exchange(Path one, Path other) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
              RENAME.invokeExact(
                  AT_FDCWD,
                  arena.allocateFrom(one.toString()),
                  AT_FDCWD,
                  arena.allocateFrom(other.toString()),
                  EXCHANGE)
          == 0;
    } catch (RuntimeException | Error broken) {
      throw broken;
    } catch (Throwable broken) {
      throw new IOException(broken);
    }
  }
}
