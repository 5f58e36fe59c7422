package dev.replicator.runtime;

import dev.replicator.kernel.Settled;
import dev.replicator.model.Displaced;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.RootState;
import dev.replicator.model.Stamp;
import dev.replicator.model.Trace;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles at start what the last end left open on the disk. Only what an intent speaks of is
 * settled before the root opens, and nothing large is read for it: that is told apart, for later.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private static final int PAGE = 1_000;

  /** Files that are read before the root opens; of a directory with thousands the others wait. */
  private static final int READ_MAX = 256;

  private final EngineParts parts;
  private final DiskWork disk;
  private final GroupWork groups;

  /** An exchange that displaced what is too large to be read or copied before the root opens. */
  record Underway(
      RelativePath path,
      Intent intent,
      Tree.Settled.Applied applied,
      Optional<Tree.Look.Found> written) {}

  private int read;
  private final List<Settled> settled = new ArrayList<>();
  private final List<Underway> underway = new ArrayList<>();
  private final TreeSet<String> leftovers = new TreeSet<>();

  /** What was staged and certainly never exchanged. */
  private final TreeSet<String> fresh = new TreeSet<>();

  /** Of which it is known what it is, or will be. */
  private final TreeSet<String> open = new TreeSet<>();

  Recovery(EngineParts parts, DiskWork disk, GroupWork groups) {
    this.parts = parts;
    this.disk = disk;
    this.groups = groups;
  }

  void run() {
    for (Displaced displaced : parts.journal().displaced()) {
      open.add(displaced.name());
      disk.doubt(displaced.was());
    }
    disk.doubtUnread(parts.journal());
    TreeMap<RelativePath, Intent> intents = new TreeMap<>(parts.journal().intents());
    intents.values().forEach(intent -> intent.expected().ifPresent(disk::doubt));
    replacedGroups(intents).forEach(members -> groups.disperse(members, stayed(members)));
    intents.forEach((path, intent) -> settled.add(settle(path, intent)));
    disbandGroups(intents);
    leftovers.addAll(namesOfNoIntent());
  }

  /** A directory that waits and was to appear with all below it may hold some of that already. */
  private void disbandGroups(TreeMap<RelativePath, Intent> intents) {
    for (Settled each : settled) {
      boolean waits =
          each instanceof Settled.NotApplied
              && each.intent().target().entry().equals(Entry.DIRECTORY)
              && !each.intent().stagedName().isEmpty();
      if (waits) {
        disband(each.path(), each.intent(), intents);
      }
    }
  }

  private void disband(RelativePath top, Intent intent, TreeMap<RelativePath, Intent> intents) {
    List<GroupMember> members = members(top, intents);
    if (members.size() > 1 || intent.replacesDirectory()) {
      groups.disband(members);
    }
  }

  private static List<GroupMember> members(
      RelativePath top, TreeMap<RelativePath, Intent> intents) {
    return intents.tailMap(top).entrySet().stream()
        .filter(entry -> entry.getKey().isWithin(top))
        .map(entry -> new GroupMember(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Directories that were to take the place of others, with all that is to change in them. */
  private static List<List<GroupMember>> replacedGroups(TreeMap<RelativePath, Intent> intents) {
    List<List<GroupMember>> groups = new ArrayList<>();
    List<RelativePath> tops = new ArrayList<>();
    intents.forEach((path, intent) -> {
      if (intent.replacesDirectory() && tops.stream().noneMatch(path::isWithin)) {
        tops.add(path);
        groups.add(members(path, intents));
      }
    });
    return groups;
  }

  /** What else the journal has there: each had a second name in the new directory. */
  private Map<RelativePath, Stamp> stayed(List<GroupMember> members) {
    Map<RelativePath, Stamp> stayed = new TreeMap<>();
    RelativePath top = members.getFirst().path();
    Deque<RelativePath> directories = new ArrayDeque<>(List.of(top));
    while (!directories.isEmpty()) {
      RelativePath directory = directories.removeFirst();
      RelativePath after = directory;
      SortedMap<RelativePath, Trace> page;
      do {
        page = parts.journal().tracesIn(directory, after, PAGE);
        for (Map.Entry<RelativePath, Trace> entry : page.entrySet()) {
          switch (entry.getValue().type()) {
            case DIRECTORY -> directories.add(entry.getKey());
            case FILE, SYMLINK -> stayed.put(entry.getKey(), entry.getValue().stamp());
            case ABSENT -> {}
          }
          after = entry.getKey();
        }
      } while (page.size() == PAGE);
    }
    members.forEach(member -> stayed.remove(member.path()));
    return stayed;
  }

  List<Settled> settled() {
    return settled;
  }

  /** What is to be ended once the root is open. */
  List<Underway> underway() {
    return underway;
  }

  /** What waits in staging and was never exchanged. */
  SortedSet<String> unused() {
    return fresh;
  }

  /**
   * What waits in staging and no intent speaks of: it may be the old content of a path that was
   * displaced by an apply whose journal entry is lost, or that the vault could not take.
   */
  SortedSet<String> leftovers() {
    return leftovers;
  }

  /** Only once every intent is settled, and before anything new is staged. */
  private SortedSet<String> namesOfNoIntent() {
    TreeSet<String> names = new TreeSet<>();
    try {
      names.addAll(parts.tree().staged());
    } catch (TreeException failure) {
      LOG.warn("cannot list the staging directory: {}", failure.problem());
    }
    names.removeAll(fresh);
    names.removeAll(open);
    names.removeIf(disk::isTold);
    return names;
  }

  /** Whether what is not there is gone: not while another directory stands for the root. */
  private boolean isRootItself() {
    Optional<RootIdentity> known = parts.journal().root().flatMap(RootState::rootIdentity);
    try {
      return known.isEmpty() || parts.tree().identity().isSame(known.get());
    } catch (TreeException missing) {
      return false;
    }
  }

  private Settled settle(RelativePath path, Intent intent) {
    try {
      return switch (parts.tree().settle(path, intent)) {
        case Tree.Settled.Applied it ->
            it.displaced().isEmpty()
                ? applied(path, intent, it)
                : displaced(path, intent, it, Optional.empty());
        case Tree.Settled.Overtaken it ->
            displaced(
                path,
                intent,
                new Tree.Settled.Applied(it.stamp(), it.actual(), it.displaced()),
                Optional.of(it.displacedLook()));
        case Tree.Settled.NotApplied it -> {
          fresh.add(intent.stagedName());
          yield new Settled.NotApplied(path, intent);
        }
        case Tree.Settled.Unclear it -> new Settled.Unclear(path, intent);
      };
    } catch (TreeException | IOException failure) {
      LOG.warn("cannot tell how {} ended: {}", path, failure.toString());
      return new Settled.Unclear(path, intent);
    }
  }

  private Settled applied(RelativePath path, Intent intent, Tree.Settled.Applied it) {
    return it.actual().entry().isPresent() || isRootItself()
        ? new Settled.Applied(path, intent, it.stamp(), it.actual())
        : new Settled.Unclear(path, intent);
  }

  /** As after an exchange: somebody may have written to what gave way, or write to it still. */
  private Settled displaced(
      RelativePath path, Intent intent, Tree.Settled.Applied it, Optional<Tree.Look.Found> written)
      throws TreeException, IOException {
    Materialised was = intent.expected().orElseThrow();
    if (was.entry() instanceof Entry.File file
        && (file.size() > Limits.INLINE_BYTES_MAX || ++read > READ_MAX)) {
      return underway(path, intent, it, written);
    }
    return switch (parts.tree().displaced(it.displaced(), was)) {
      case Tree.Displaced.BeingWritten still -> {
        open.add(it.displaced());
        yield new Settled.StillWritten(path, intent, it.stamp(), it.actual(), it.displaced());
      }
      case Tree.Displaced.Written now -> overtaken(path, intent, it, now.look());
      case Tree.Displaced.Untouched untouched -> {
        if (written.isPresent()) {
          yield overtaken(path, intent, it, written.get());
        }
        yield untouched(path, intent, it, was);
      }
    };
  }

  /** Its stamp is as before; nobody knows any more whether a second write has it, too. */
  private Settled untouched(
      RelativePath path, Intent intent, Tree.Settled.Applied it, Materialised was) {
    try {
      var file = new Displaced(it.displaced(), path, was);
      Optional<Observation.Found> inTick = disk.writtenInTick(file);
      if (inTick.isPresent()) {
        return new Settled.Overtaken(path, intent, it.stamp(), it.actual(), inTick.get());
      }
      open.add(it.displaced());
      disk.keep(file);
    } catch (TreeException | IOException failure) {
      LOG.warn("cannot read again what {} was: {}", path, failure.toString());
    }
    return new Settled.Applied(path, intent, it.stamp(), it.actual());
  }

  private Settled underway(
      RelativePath path,
      Intent intent,
      Tree.Settled.Applied it,
      Optional<Tree.Look.Found> written) {
    open.add(it.displaced());
    underway.add(new Underway(path, intent, it, written));
    return new Settled.Underway(path, intent);
  }

  private Settled overtaken(
      RelativePath path, Intent intent, Tree.Settled.Applied it, Tree.Look.Found written)
      throws TreeException, IOException {
    if (written.type() == EntryType.FILE && written.stamp().size() > Limits.INLINE_BYTES_MAX) {
      return underway(path, intent, it, Optional.of(written));
    }
    return new Settled.Overtaken(
        path, intent, it.stamp(), it.actual(), disk.displaced(written, path, it.displaced()));
  }
}
