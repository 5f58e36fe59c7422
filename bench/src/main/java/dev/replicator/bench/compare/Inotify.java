package dev.replicator.bench.compare;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** As much of inotify as the floor needs: which files of some directories were closed. */
final class Inotify implements AutoCloseable {
  private static final int CLOSE_WRITE = 0x8;
  private static final int CLOSE_ON_EXEC = 0x80000;

  /** Where an event says how long its name is. */
  private static final int NAME_LENGTH_AT = 12;

  private static final int HEAD_BYTES = 16;
  private static final int BUFFER_BYTES = 64 << 10;

  private static final MethodHandle INIT =
      function("inotify_init1", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle ADD_WATCH =
      function(
          "inotify_add_watch",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));
  private static final MethodHandle READ =
      function(
          "read",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));

  private final int descriptor;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, Integer.BYTES);
  private final Map<Integer, Path> directories = new ConcurrentHashMap<>();

  private Inotify(int descriptor) {
    this.descriptor = descriptor;
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  static Inotify open() throws IOException {
    return new Inotify((int) called(() -> (int) INIT.invokeExact(CLOSE_ON_EXEC)));
  }

  void watch(Path directory) throws IOException {
    try (Arena passing = Arena.ofConfined()) {
      MemorySegment name = passing.allocateFrom(directory.toString());
      int watch = (int) called(() -> (int) ADD_WATCH.invokeExact(descriptor, name, CLOSE_WRITE));
      directories.put(watch, directory);
    }
  }

  /** Waits for the next of them. */
  List<Path> take() throws IOException {
    long length = called(() -> (long) READ.invokeExact(descriptor, buffer, (long) BUFFER_BYTES));
    List<Path> closed = new ArrayList<>();
    for (long at = 0; at < length; ) {
      int nameBytes = buffer.get(ValueLayout.JAVA_INT, at + NAME_LENGTH_AT);
      Path directory = directories.get(buffer.get(ValueLayout.JAVA_INT, at));
      if (directory != null && nameBytes > 0) {
        closed.add(directory.resolve(buffer.getString(at + HEAD_BYTES)));
      }
      at += HEAD_BYTES + nameBytes;
    }
    return closed;
  }

  private interface Call {
    long run() throws Throwable;
  }

  private static long called(Call call) throws IOException {
    long result;
    try {
      result = call.run();
    } catch (Throwable impossible) {
      throw new IOException(impossible);
    }
    if (result < 0) {
      throw new IOException("inotify refused");
    }
    return result;
  }

  /** The descriptor stays open until this process ends: a thread may be waiting on it. */
  @Override
  public void close() {
    directories.clear();
  }
}
