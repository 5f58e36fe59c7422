package dev.replicator.linux;

import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Put;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a directory with all that is in it. Its members are moved into it while it waits in staging,
 * which nobody else can enter, and are looked at there for the last time; then it gets its name.
 */
final class Arrival {
  private static final Logger log = LoggerFactory.getLogger(Arrival.class);

  private final HeldRoot root;
  private final Inspector inspector;
  private final Staging staging;
  private final Metadata metadata;
  private final Exchange.Window window;

  Arrival(
      HeldRoot root,
      Inspector inspector,
      Staging staging,
      Metadata metadata,
      Exchange.Window window) {
    this.root = root;
    this.inspector = inspector;
    this.staging = staging;
    this.metadata = metadata;
    this.window = window;
  }

  Arrived run(List<GroupMember> members) {
    Arrived answer;
    try {
      answer = arrive(members);
    } catch (TreeException failure) {
      answer = new Arrived.Failed(failure.problem());
    } catch (IOException failure) {
      answer = new Arrived.Failed(Errno.problemOf(failure));
    }
    if (!(answer instanceof Arrived.Done)) {
      try {
        disband(members);
      } catch (TreeException left) {
        log.warn("cannot clear staging: {}", left.problem());
      }
    }
    return answer;
  }

  private Arrived arrive(List<GroupMember> members) throws TreeException, IOException {
    root.requireRoot();
    GroupMember first = members.getFirst();
    if (HeldRoot.isOwn(first.path())) {
      return new Arrived.Failed(new Problem(Kind.REFUSED, "a name of the engine's own"));
    }
    String name = first.intent().stagedName();
    try (Descriptor parent = root.openParent(first.path())) {
      Place at = new Place(inspector, parent, first.path().name());
      if (Replacement.isWanted(members)) {
        return replace(at, members);
      }
      if (!(at.look() instanceof Look.Gone)) {
        return new Arrived.Unexpected();
      }
      List<Put> puts = new ArrayList<>();
      try (Descriptor top = staging.hold(name)) {
        requireStaged(inspector.look(top), first);
        for (GroupMember member : members.subList(1, members.size())) {
          window.beforeMember();
          puts.add(move(top, first.path(), member));
        }
        // Last, for what came into it changed it.
        puts.addFirst(put(first, requireStaged(inspector.look(top), first)));
      }
      window.beforeChange();
      try {
        at.create(staging, Staging.octets(name));
      } catch (Errno failure) {
        if (failure.number() == Errno.EEXIST) {
          return new Arrived.Unexpected();
        }
        throw failure;
      }
      window.afterChange();
      return new Arrived.Done(puts, List.of());
    }
  }

  private Arrived replace(Place at, List<GroupMember> members) throws TreeException, IOException {
    GroupMember first = members.getFirst();
    Replacement replacement = replacement(members);
    replacement.requireShallow();
    try (Descriptor top = staging.hold(first.intent().stagedName())) {
      requireStaged(inspector.look(top), first);
      for (GroupMember member : members.subList(1, members.size())) {
        if (!member.intent().stagedName().isEmpty()) {
          window.beforeMember();
          Put unused = move(top, first.path(), member);
        }
      }
      Arrived answer = replacement.run(at, top);
      if (!(answer instanceof Arrived.Done)) {
        replacement.takeBack(top);
      }
      return answer;
    }
  }

  private Replacement replacement(List<GroupMember> members) {
    return new Replacement(root, inspector, staging, metadata, window, members);
  }

  /** Ends what a crash cut off after a directory was exchanged. */
  void disperse(List<GroupMember> members, Map<RelativePath, Stamp> stayed) throws TreeException {
    replacement(members).resume(stayed);
  }

  /** Gives one member its name in the directory that waits. */
  private Put move(Descriptor top, RelativePath of, GroupMember member)
      throws TreeException, IOException {
    byte[] staged = Staging.octets(member.intent().stagedName());
    try (Within within = within(top, of, member.path())) {
      int directory = within.descriptor().number();
      PathCalls.rename(
          staging.directory().number(),
          staged,
          directory,
          within.name(),
          PathCalls.REPLACE_NOTHING);
      return put(member, requireStaged(inspector.look(within.descriptor(), within.name()), member));
    }
  }

  private static Put put(GroupMember member, Look.Found found) {
    return new Put(
        member.path(),
        new Exchanged.Done(found.stamp(), Exchange.actual(member.intent().target(), found), ""));
  }

  static Look.Found requireStaged(Look look, GroupMember member) throws TreeException {
    if (look instanceof Look.Found found
        && found.type() == member.intent().target().entry().type()
        && isStaged(found, member)) {
      return found;
    }
    throw new TreeException(new Problem(Kind.INPUT_OUTPUT, "the staged object is missing"));
  }

  private static boolean isStaged(Look.Found found, GroupMember member) {
    Optional<Stamp> staged = member.intent().staged();
    return staged.map(stamp -> Staging.isSame(stamp, found.stamp())).orElse(false);
  }

  private static boolean isAsStaged(Look.Found found, GroupMember member) {
    return member
        .intent()
        .staged()
        .map(stamp ->
            found.type() == EntryType.DIRECTORY
                ? Staging.isSame(stamp, found.stamp())
                : found.stamp().equalsExceptCtime(stamp))
        .orElse(false);
  }

  /** The directory in which a member is, below the one that waits; and its name in there. */
  record Within(Optional<Descriptor> opened, Descriptor top, byte[] name) implements AutoCloseable {
    Descriptor descriptor() {
      return opened.orElse(top);
    }

    @Override
    public void close() {
      opened.ifPresent(Descriptor::close);
    }
  }

  static Within within(Descriptor top, RelativePath of, RelativePath path) throws IOException {
    if (path.parent().equals(of)) {
      return new Within(Optional.empty(), top, path.name());
    }
    byte[] whole = path.parent().toArray();
    Descriptor parent =
        PathCalls.openBeneath(
            top.number(),
            whole,
            of.length() + 1,
            whole.length,
            PathCalls.LOCATE | PathCalls.DIRECTORY);
    return new Within(Optional.of(parent), top, path.name());
  }

  /** Deepest first. What is not the very object that was staged stays. */
  void disband(List<GroupMember> members) throws TreeException {
    GroupMember first = members.getFirst();
    Set<RelativePath> waiting = new HashSet<>();
    for (GroupMember member : members) {
      if (staging.find(member.intent().stagedName(), member.intent().staged()).isPresent()) {
        waiting.add(member.path());
      }
    }
    if (waiting.contains(first.path())) {
      try (Descriptor top = staging.hold(first.intent().stagedName())) {
        if (Replacement.isWanted(members)) {
          replacement(members).takeBack(top);
        }
        for (GroupMember member : members.subList(1, members.size()).reversed()) {
          if (!waiting.contains(member.path())) {
            remove(top, first.path(), member);
          }
        }
      } catch (IOException failure) {
        throw Errno.treeException(failure);
      }
    }
    for (GroupMember member : members.reversed()) {
      if (waiting.contains(member.path())) {
        staging.drop(member.intent().stagedName());
      }
    }
  }

  private void remove(Descriptor top, RelativePath of, GroupMember member) throws IOException {
    try (Within within = within(top, of, member.path())) {
      if (inspector.look(within.descriptor(), within.name()) instanceof Look.Found found
          && isAsStaged(found, member)) {
        int flags = found.type() == EntryType.DIRECTORY ? PathCalls.REMOVE_DIRECTORY : 0;
        PathCalls.remove(within.descriptor().number(), within.name(), flags);
      }
    } catch (Errno failure) {
      boolean never = failure.isGone() || failure.number() == Errno.ENAMETOOLONG;
      if (!never && failure.number() != Errno.ENOTEMPTY) {
        throw failure;
      }
    }
  }
}
