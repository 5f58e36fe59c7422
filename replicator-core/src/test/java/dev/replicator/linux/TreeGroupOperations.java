package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Put;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that a tree does with a whole directory: "a", in which the attack swaps a directory
 * for a link as well, wherever it waits or goes, in directories that are swapped themselves.
 */
final class TreeGroupOperations {
  private static final RelativePath NEAR = RelativePath.of("d/a");
  private static final RelativePath FAR = RelativePath.of("d/e/a");
  private static final List<RelativePath> FILE = List.of(at("d/v"), at("d/e/v"));

  /** Directories before what is in them. */
  private static final Map<String, EntryType> BELOW =
      Collections.unmodifiableMap(
          new TreeMap<>(
              Map.of(
                  "", EntryType.DIRECTORY,
                  "/k", EntryType.FILE,
                  "/s", EntryType.DIRECTORY,
                  "/s/g", EntryType.FILE,
                  "/sx", EntryType.SYMLINK)));

  /** In the directory that is replaced this one is no member: it gets a second name. */
  private static final String STAYS = "/k";

  /** Rounds after which what is there goes: swaps may have left it otherwise than it came. */
  private static final int GONE_EACH = 8;

  private static final int REMOVALS_MAX = 30;

  private final AttackedTree attacked;
  private final LinuxTreeFixture here;
  private final String linkText;
  private RelativePath top = NEAR;
  private int file;
  private long round;

  TreeGroupOperations(AttackedTree attacked, AttackGround ground) {
    this.attacked = attacked;
    this.here = attacked.here();
    this.linkText = ground.outside().resolve("e").toString();
  }

  private static RelativePath at(String path) {
    return RelativePath.of(path);
  }

  private static RelativePath below(RelativePath top, String rest) {
    return at(top + rest);
  }

  private Tree tree() {
    return attacked.tree();
  }

  /** How a process ends in the middle. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void kill() {
    throw new Killed();
  }

  void round() throws IOException {
    round++;
    attempt("arrive", this::arriveAnew);
    attempt("arrive in place", () -> arrive(staged(expected())));
    attempt("move", this::move);
    attempt("move a file", this::moveFile);
    attempt("arrive in another place", () -> arrive(staged(expected())));
    attempt("disband", this::disband);
    attempt("disperse", this::disperse);
    attempt("flatten", this::flatten);
    if (round % GONE_EACH == 0) {
      attempt("remove what arrived", () -> removeAll(FAR) | removeAll(NEAR));
    }
  }

  /** Whatever an operation left in staging is no secret either. */
  private void attempt(String name, AttackedTree.Operation operation) throws IOException {
    attacked.attempt(name, operation);
    attacked.clearStaging();
  }

  /** What is there; the attack changes it, and gives it back. */
  private TreeMap<String, Materialised> expected() throws TreeException {
    TreeMap<String, Materialised> expected = new TreeMap<>();
    for (Map.Entry<String, EntryType> each : BELOW.entrySet()) {
      RelativePath path = below(top, each.getKey());
      expected.put(each.getKey(), AttackedTree.known(attacked.sought(path, each.getValue())));
    }
    return expected;
  }

  /** The next version of it. */
  private List<GroupMember> staged(Map<String, Materialised> expected) throws TreeException {
    List<GroupMember> members = new ArrayList<>();
    for (Map.Entry<String, EntryType> each : BELOW.entrySet()) {
      String rest = each.getKey();
      Optional<Materialised> was = Optional.ofNullable(expected.get(rest));
      if (was.isEmpty() || !rest.equals(STAYS)) {
        members.add(new GroupMember(below(top, rest), intent(each.getValue(), was)));
      }
    }
    return members;
  }

  private Intent intent(EntryType type, Optional<Materialised> expected) throws TreeException {
    return switch (type) {
      case FILE, ABSENT -> here.fileIntent(expected, "ours " + round);
      case DIRECTORY -> here.stagedIntent(expected, here.directoryTarget(0750));
      case SYMLINK -> here.stagedIntent(expected, here.linkTarget(linkText));
    };
  }

  private boolean arriveAnew() throws TreeException, IOException {
    if (attacked.isThere(NEAR) || attacked.isThere(FAR)) {
      return false;
    }
    top = round % 2 == 0 ? NEAR : FAR;
    return arrive(staged(Map.of()));
  }

  /** Whether it is in place, and then nothing from outside was displaced by it. */
  private boolean arrive(List<GroupMember> members) throws TreeException, IOException {
    if (!(tree().arrive(members) instanceof Arrived.Done done)) {
      return false;
    }
    Map<RelativePath, Intent> intents = new TreeMap<>();
    members.forEach(member -> intents.put(member.path(), member.intent()));
    for (Put put : done.members()) {
      Intent intent = Objects.requireNonNull(intents.get(put.path()));
      attacked.ended(put.path().toString(), put.exchanged(), intent);
    }
    return true;
  }

  private boolean move() throws TreeException {
    RelativePath to = top.equals(NEAR) ? FAR : NEAR;
    TreeMap<RelativePath, Materialised> whole = new TreeMap<>();
    expected().forEach((rest, was) -> whole.put(below(top, rest), was));
    if (tree().move(top, to, whole).isPresent()) {
      return false;
    }
    top = to;
    return true;
  }

  private boolean moveFile() throws TreeException {
    RelativePath from = FILE.get(file);
    Materialised was = AttackedTree.known(attacked.sought(from, EntryType.FILE));
    if (tree().move(from, FILE.get(1 - file), new TreeMap<>(Map.of(from, was))).isPresent()) {
      return false;
    }
    file = 1 - file;
    return true;
  }

  private boolean isKilled(List<GroupMember> members) throws TreeException, IOException {
    try {
      arrive(members);
      return false;
    } catch (Killed killed) {
      return true;
    } finally {
      here.inTheWindow(() -> {});
      here.afterTheChange(() -> {});
    }
  }

  private boolean disband() throws TreeException, IOException {
    List<GroupMember> members = staged(expected());
    here.inTheWindow(TreeGroupOperations::kill);
    if (!isKilled(members)) {
      return false;
    }
    tree().disband(members);
    List<String> names = members.stream().map(member -> member.intent().stagedName()).toList();
    assertTrue(Collections.disjoint(names, tree().staged()), "not all of it is gone");
    return true;
  }

  private boolean disperse() throws TreeException, IOException {
    TreeMap<String, Materialised> expected = expected();
    List<GroupMember> members = staged(expected);
    here.afterTheChange(TreeGroupOperations::kill);
    if (!isKilled(members)) {
      return false;
    }
    Stamp stays = attacked.sought(below(top, STAYS), EntryType.FILE).stamp();
    tree().disperse(members, Map.of(below(top, STAYS), stays));
    for (GroupMember member : members) {
      attacked.attempt("settle a member", () -> settle(member));
    }
    return true;
  }

  private boolean settle(GroupMember member) throws TreeException, IOException {
    String path = member.path().toString();
    Settled settled = tree().settle(member.path(), member.intent());
    if (settled instanceof Settled.Overtaken it) {
      attacked.isOurs(path, it.displacedLook());
    }
    if (settled instanceof Settled.Applied it) {
      attacked.assertInside(path, it.stamp().inode());
      if (!it.displaced().isEmpty()) {
        attacked.keep(path, it.displaced(), Optional.empty());
      }
    }
    return settled instanceof Settled.Applied;
  }

  /** The directory that gave way, in which the attack goes on. */
  private boolean flatten() throws TreeException, IOException {
    List<GroupMember> members = staged(expected());
    here.afterTheChange(TreeGroupOperations::kill);
    if (!isKilled(members)) {
      return false;
    }
    List<String> freed = tree().flatten(members.getFirst().intent().stagedName());
    for (String name : freed) {
      attacked.keep(top + "", name, Optional.empty());
    }
    return !freed.isEmpty();
  }

  private boolean removeAll(RelativePath path) throws TreeException, IOException {
    for (int i = 0; i < REMOVALS_MAX; i++) {
      try {
        Materialised there = AttackedTree.known(attacked.there(path.toString()));
        if (there.entry() instanceof Entry.Directory) {
          for (Child child : tree().list(path)) {
            attacked.isOurs(child);
            removeAll(child.path());
          }
        }
        if (attacked.run(path.toString(), here.removal(there))) {
          return true;
        }
      } catch (TreeException swapped) {
        // Another try may find it.
      }
    }
    return false;
  }
}
