package dev.replicator.portable;

import dev.replicator.model.Limits;
import dev.replicator.model.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names and numbers of owners, or of groups, on this machine. Lookups are kept for a minute.
 */
final class Principals {
  private static final int ENTRIES_MAX = 4_096;
  private static final long KEPT_NANOS = 60_000_000_000L;

  private record Name(String text, long sinceNanos) {}

  private record Number(OptionalInt id, long sinceNanos) {}

  private final String nameAttribute;
  private final String idAttribute;
  private final Map<Integer, Name> names = new ConcurrentHashMap<>();
  private final Map<String, Number> numbers = new ConcurrentHashMap<>();

  private Principals(String nameAttribute, String idAttribute) {
    this.nameAttribute = nameAttribute;
    this.idAttribute = idAttribute;
  }

  static Principals owners() {
    return new Principals("owner", "uid");
  }

  static Principals groups() {
    return new Principals("group", "gid");
  }

  /**
   * Names {@code id}, which {@code owned} was just seen to have.
   *
   * @return a principal with an empty name when the machine knows none
   */
  Principal of(int id, Path owned) throws IOException {
    Name known = names.get(id);
    if (known == null || isStale(known.sinceNanos)) {
      UnixStat stat =
          UnixStat.of(owned, idAttribute + "," + nameAttribute, LinkOption.NOFOLLOW_LINKS);
      int current = stat.integer(idAttribute);
      String text = stat.principal(nameAttribute);
      boolean nameless =
          text.equals(Integer.toString(current)) || text.length() > Limits.PRINCIPAL_CHARACTERS_MAX;
      Name fresh = new Name(nameless ? "" : text, System.nanoTime());
      bound(names);
      names.put(current, fresh);
      if (current != id) {
        return new Principal("", id);
      }
      known = fresh;
    }
    return new Principal(known.text, id);
  }

  /**
   * The number that {@code asked} shall have here, by name first; empty to leave what is there.
   * Nothing becomes root's unless it is root's by name.
   *
   * @param probe a file of ours that may be given to anyone
   */
  OptionalInt resolve(Principal asked, Path probe) throws IOException {
    OptionalInt id = asked.name().isEmpty() ? OptionalInt.empty() : byName(asked.name(), probe);
    int chosen = id.orElse(asked.id());
    boolean rootByAccident = chosen == 0 && !asked.name().equals("root");
    return rootByAccident || chosen < 0 ? OptionalInt.empty() : OptionalInt.of(chosen);
  }

  private synchronized OptionalInt byName(String name, Path probe) throws IOException {
    Number known = numbers.get(name);
    if (known == null || isStale(known.sinceNanos)) {
      known = new Number(lookUp(name, probe), System.nanoTime());
      bound(numbers);
      numbers.put(name, known);
    }
    return known.id;
  }

  /** Java tells the number behind a name only by giving a file away. */
  private OptionalInt lookUp(String name, Path probe) throws IOException {
    UserPrincipalLookupService service = probe.getFileSystem().getUserPrincipalLookupService();
    UserPrincipal principal;
    try {
      principal =
          idAttribute.equals("uid")
              ? service.lookupPrincipalByName(name)
              : service.lookupPrincipalByGroupName(name);
    } catch (UserPrincipalNotFoundException unknown) {
      return OptionalInt.empty();
    }
    Files.setAttribute(probe, "unix:" + nameAttribute, principal, LinkOption.NOFOLLOW_LINKS);
    UnixStat stat = UnixStat.of(probe, idAttribute, LinkOption.NOFOLLOW_LINKS);
    return OptionalInt.of(stat.integer(idAttribute));
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
