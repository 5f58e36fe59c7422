package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Datagrams between programs of one machine, which Java's library lacks. */
final class SocketCalls {
  /** How long the name in an address may be. */
  static final int NAME_BYTES_MAX = 107;

  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDTIMEO = 21;
  private static final int TIMEVAL_BYTES = 16;
  private static final int FAMILY_BYTES = 2;

  private static final MethodHandle SOCKET =
      CLibrary.function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      CLibrary.function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SENDTO =
      CLibrary.function(
          "sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

  private SocketCalls() {}

  /** A socket that sends datagrams, each within {@code seconds} or not at all. */
  static Descriptor datagrams(long seconds) throws Errno {
    MemorySegment state = CLibrary.state();
    int made;
    try {
      int kind = SOCK_DGRAM | SOCK_CLOEXEC;
      made = CLibrary.result((int) SOCKET.invokeExact(state, (int) AF_UNIX, kind, 0), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Descriptor socket = new Descriptor(Errno.check(made, "socket"));
    int result;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(TIMEVAL_BYTES, Long.BYTES);
      limit.set(JAVA_LONG, 0, seconds);
      int set =
          (int)
              SETSOCKOPT.invokeExact(
                  state, socket.number(), SOL_SOCKET, SO_SNDTIMEO, limit, TIMEVAL_BYTES);
      result = CLibrary.result(set, state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "setsockopt");
    return socket;
  }

  /** Sends one datagram to the socket that has {@code name}, as {@link #address} wants it. */
  static void send(Descriptor socket, byte[] name, byte[] datagram) throws Errno {
    MemorySegment state = CLibrary.state();
    long result;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment content = arena.allocateFrom(JAVA_BYTE, datagram);
      MemorySegment to = address(arena, name);
      int size = (int) to.byteSize();
      do {
        result =
            CLibrary.result(
                (long)
                    SENDTO.invokeExact(
                        state,
                        socket.number(),
                        content,
                        (long) datagram.length,
                        MSG_NOSIGNAL,
                        to,
                        size),
                state);
      } while (result == -Errno.EINTR);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "sendto");
  }

  /**
   * An address as the kernel lays it out.
   *
   * @param name a path, or after a NUL a name that is no path
   */
  static MemorySegment address(Arena arena, byte[] name) {
    MemorySegment address = arena.allocate(FAMILY_BYTES + (long) name.length, Short.BYTES);
    address.set(JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, FAMILY_BYTES, name.length);
    return address;
  }
}
