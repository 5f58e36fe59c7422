package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The receiving end of service notification, as a service manager has it. */
public final class NotifySocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int MESSAGE_BYTES_MAX = 4_096;
  private static final int POLLFD_BYTES = 8;

  private static final MethodHandle SOCKET =
      CLibrary.function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND =
      CLibrary.function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

  private final Descriptor socket;

  /**
   * Listens.
   *
   * @param address a path or, after an @, a name of its own
   */
  public NotifySocket(String address) throws IOException {
    byte[] name = address.getBytes(StandardCharsets.UTF_8);
    name[0] = name[0] == '@' ? 0 : name[0];
    MemorySegment state = CLibrary.state();
    try (Arena arena = Arena.ofConfined()) {
      int made = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM, 0);
      socket = new Descriptor(Errno.check(CLibrary.result(made, state), "socket"));
      MemorySegment to = SocketCalls.address(arena, name);
      int bound = (int) BIND.invokeExact(state, socket.number(), to, (int) to.byteSize());
      Errno.check(CLibrary.result(bound, state), "bind");
    } catch (IOException failure) {
      throw failure;
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** The next message, "" when none comes in time. */
  public String next(Duration patience) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment wait = arena.allocate(POLLFD_BYTES, Integer.BYTES);
      wait.set(JAVA_INT, 0, socket.number());
      wait.set(JAVA_SHORT, Integer.BYTES, WatchCalls.POLLIN);
      int ready = WatchCalls.poll(wait, 1, Math.toIntExact(patience.toMillis()));
      if (WatchCalls.orThrow(ready, "poll") == 0) {
        return "";
      }
      MemorySegment message = arena.allocate(MESSAGE_BYTES_MAX);
      long read = Errno.check(WatchCalls.read(socket.number(), message), "read");
      return new String(message.asSlice(0, read).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
