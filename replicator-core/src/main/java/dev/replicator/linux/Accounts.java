package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.replicator.model.Limits;
import dev.replicator.model.Principal;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names and numbers of the users, or of the groups, of this machine. Answers are kept for a
 * minute: they may come from a directory service.
 */
final class Accounts {
  private static final int ENTRIES_MAX = 4_096;
  private static final long KEPT_NANOS = 60_000_000_000L;
  private static final int ANSWER_BYTES_FIRST = 4_096;
  private static final int ANSWER_BYTES_MAX = 1_024 * 1_024;
  private static final int STRUCTURE_BYTES = 64;

  /** Whose is what may be nobody else's. */
  static final int NOBODY = 65_534;

  /** In {@code struct passwd} and {@code struct group} alike. */
  private static final long ID_OFFSET = 16;

  private record Name(Principal principal, long sinceNanos) {}

  private record Number(OptionalInt id, long sinceNanos) {}

  private final MethodHandle byId;
  private final MethodHandle byName;
  private final Map<Integer, Name> names = new ConcurrentHashMap<>();
  private final Map<String, Number> numbers = new ConcurrentHashMap<>();

  private Accounts(String byId, String byName) {
    this.byId = CLibrary.function(byId, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    this.byName =
        CLibrary.function(byName, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  }

  static Accounts users() {
    return new Accounts("getpwuid_r", "getpwnam_r");
  }

  static Accounts groups() {
    return new Accounts("getgrgid_r", "getgrnam_r");
  }

  /** The principal behind {@code id}: with an empty name when the machine knows none. */
  Principal of(int id) {
    Name known = names.get(id);
    if (known == null || isStale(known.sinceNanos)) {
      known = new Name(new Principal(lookUp(id), id), System.nanoTime());
      bound(names);
      names.put(id, known);
    }
    return known.principal;
  }

  /**
   * The number that {@code asked} shall have here, by name first. Nothing becomes root's unless it
   * is root's by name.
   *
   * @param there the number that the thing has; -1 as a number asked for leaves it
   * @param stranger the number of those whom this machine does not know; empty to take theirs
   */
  int resolve(Principal asked, int there, OptionalInt stranger) {
    if (asked.id() == -1 && asked.name().isEmpty()) {
      return there;
    }
    OptionalInt known = asked.name().isEmpty() ? OptionalInt.of(asked.id()) : byName(asked.name());
    int chosen = known.orElse(stranger.orElse(asked.id()));
    boolean rootByAccident = chosen == 0 && !asked.name().equals("root");
    if (!rootByAccident && chosen != -1) {
      return chosen;
    }
    return there == 0 ? stranger.orElse(NOBODY) : there;
  }

  /** The number behind a name of this machine. */
  OptionalInt byName(String name) {
    Number known = numbers.get(name);
    if (known == null || isStale(known.sinceNanos)) {
      known = new Number(lookUp(name), System.nanoTime());
      bound(numbers);
      numbers.put(name, known);
    }
    return known.id;
  }

  /** One call with room for the answer. */
  private interface Call {
    int run(MemorySegment state, MemorySegment entry, MemorySegment text, MemorySegment found)
        throws Throwable;
  }

  private String lookUp(int id) {
    try (Arena arena = Arena.ofConfined()) {
      return ask(
              arena,
              (state, entry, text, found) ->
                  (int) byId.invokeExact(state, id, entry, text, text.byteSize(), found))
          .flatMap(entry -> text(entry.get(ADDRESS, 0)))
          .orElse("");
    }
  }

  private OptionalInt lookUp(String name) {
    if (name.indexOf(0) >= 0) {
      return OptionalInt.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment asked = arena.allocateFrom(name);
      return ask(
              arena,
              (state, entry, text, found) ->
                  (int) byName.invokeExact(state, asked, entry, text, text.byteSize(), found))
          .map(entry -> OptionalInt.of(entry.get(JAVA_INT, ID_OFFSET)))
          .orElse(OptionalInt.empty());
    }
  }

  private static Optional<MemorySegment> ask(Arena arena, Call call) {
    MemorySegment entry = arena.allocate(STRUCTURE_BYTES, Long.BYTES);
    MemorySegment found = arena.allocate(ADDRESS);
    for (int bytes = ANSWER_BYTES_FIRST; bytes <= ANSWER_BYTES_MAX; bytes *= 4) {
      int error;
      try {
        error = call.run(CLibrary.state(), entry, arena.allocate(bytes), found);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
      if (error != Errno.ERANGE) {
        boolean known = error == 0 && !found.get(ADDRESS, 0).equals(MemorySegment.NULL);
        return known ? Optional.of(entry) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** A name that is not UTF-8 or too long is none. */
  private static Optional<String> text(MemorySegment address) {
    MemorySegment name = address.reinterpret(Limits.PRINCIPAL_CHARACTERS_MAX + 1);
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (long index = 0; index < name.byteSize(); index++) {
      byte octet = name.get(ValueLayout.JAVA_BYTE, index);
      if (octet == 0) {
        return decode(octets.toByteArray());
      }
      octets.write(octet);
    }
    return Optional.empty();
  }

  private static Optional<String> decode(byte[] octets) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  private static boolean isStale(long sinceNanos) {
    return System.nanoTime() - sinceNanos > KEPT_NANOS;
  }

  private static void bound(Map<?, ?> kept) {
    if (kept.size() >= ENTRIES_MAX) {
      kept.clear();
    }
  }
}
