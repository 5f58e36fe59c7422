package dev.replicator.runtime;

import dev.replicator.model.Count;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.Problem;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves files from staging to the vault; what fails is tried again until it works. Thread-safe. */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  /** More than these wait in staging for the next start. */
  private static final int UNKEPT_MAX = 65_536;

  private final Tree tree;
  private final Vault vault;
  private final Inspector inspector;
  private final SecondLooks secondLooks;

  /** Displaced files that still wait in staging because the vault took them not. */
  private final Map<String, Digest> unkept = new ConcurrentSkipListMap<>();

  /** Those that somebody wrote to: what they are is known once they are read again. */
  private final Set<String> written = new ConcurrentSkipListSet<>();

  /** What could not be brought from where staging was before yet. */
  private volatile String strays = "";

  Keeper(Tree tree, Vault vault, Inspector inspector, SecondLooks secondLooks) {
    this.tree = tree;
    this.vault = vault;
    this.inspector = inspector;
    this.secondLooks = secondLooks;
  }

  /** Keeps a file as what was known of it. */
  void keep(Displaced file) {
    if (!file.name().isEmpty() && !isKept(file)) {
      later(file.name(), digest(file), Problem.of(Problem.Kind.BUSY));
    }
  }

  /** The same of one that was read just now, and that nobody knows a path of. */
  private void keep(String displaced, Digest digest) {
    if (!isKept(displaced, digest, Optional.empty())) {
      later(displaced, digest, Problem.of(Problem.Kind.BUSY));
    }
  }

  /**
   * Keeps it, or tries that again later.
   *
   * @return false where somebody has it open by now, who found its name before that was taken:
   *     nothing is done then
   */
  boolean isKept(Displaced file) {
    return isKept(file.name(), digest(file), Optional.of(file));
  }

  private static Digest digest(Displaced file) {
    return file.was().entry().content().orElseThrow();
  }

  private boolean isKept(String displaced, Digest digest, Optional<Displaced> known) {
    try {
      Digest kept = move(displaced, digest, known);
      unkept.remove(displaced);
      if (!kept.equals(digest)) {
        LOG.warn("{} of staging was written to by another name, and is kept as {}", digest, kept);
        // Told once to be kept nowhere: the next try finds nothing in staging any more.
        unkept.put(displaced, digest);
      }
    } catch (TreeException failure) {
      if (failure.problem().kind() == Problem.Kind.BUSY) {
        return false;
      }
      later(displaced, digest, failure.problem());
    } catch (IOException failure) {
      later(displaced, digest, TreeException.problemOf(failure));
    }
    return true;
  }

  private void later(String displaced, Digest digest, Problem problem) {
    boolean busy = problem.kind() == Problem.Kind.BUSY;
    if (busy || mayBeShared(displaced)) {
      waitForWriter(displaced);
    }
    if (unkept.size() < UNKEPT_MAX && !digest.equals(unkept.put(displaced, digest)) && !busy) {
      LOG.error("cannot keep {} of staging in the vault yet: {}", displaced, problem);
    }
  }

  private boolean mayBeShared(String name) {
    try {
      return tree.isStagedShared(name);
    } catch (TreeException unknown) {
      return true;
    }
  }

  /** By the next try it may be another content, under no other name any more. */
  private void waitForWriter(String name) {
    if (written.size() < UNKEPT_MAX) {
      written.add(name);
    }
  }

  /** Tells what the vault has now. */
  private Digest move(String displaced, Digest digest, Optional<Displaced> known)
      throws TreeException, IOException {
    Path place = vault.place(digest);
    Optional<Path> copy = tree.release(displaced, place);
    if (copy.isEmpty()) {
      vault.arrived(place);
      known.ifPresent(file -> secondLooks.note(place, file));
      return digest;
    }
    Digest kept = takeCopy(copy.get());
    try {
      tree.discard(displaced);
    } catch (TreeException left) {
      LOG.warn("{} stays in staging though the vault has it: {}", displaced, left.problem());
    }
    return kept;
  }

  private Digest takeCopy(Path copy) throws TreeException, IOException {
    try (SeekableByteChannel channel = vault.openDraft(copy)) {
      Digest digest = read(channel);
      vault.take(copy, digest);
      return digest;
    } catch (TreeException | IOException failure) {
      vault.dropDraft(copy);
      throw failure;
    }
  }

  private Digest read(SeekableByteChannel channel) throws TreeException, IOException {
    return inspector
        .chunk(channel, channel.size())
        .orElseThrow(() -> new TreeException(Problem.of(Problem.Kind.TOO_LARGE)))
        .file()
        .digest();
  }

  /*
   * A regular file that no intent speaks of may be the old content of a path that a crash left
   * between its exchange and its journal entry, or that could not be kept: it goes to the vault,
   * where a user finds it for a week. It is never removed before it is there, nor while somebody
   * writes to it.
   */
  void rescue(String name) {
    try {
      if (tree.isStagedWritten(name)) {
        waitForWriter(name);
        return;
      }
      Digest digest;
      try (SeekableByteChannel channel = tree.readStaged(name)) {
        digest = read(channel);
      }
      written.remove(name);
      // Also where the vault has its like, which is believed by its name: this was read.
      keep(name, digest);
    } catch (TreeException failure) {
      if (failure.problem().kind() == Problem.Kind.OBSTRUCTED) {
        rescueWithin(name);
      } else {
        unread(name, failure.problem());
      }
    } catch (IOException failure) {
      unread(name, TreeException.problemOf(failure));
    }
  }

  /** What is to be kept is not what it was, perhaps: it is read before anything else. */
  private void unread(String name, Problem problem) {
    if (!unkept.containsKey(name)) {
      written.remove(name);
    }
    LOG.error("cannot read {} in staging: {}", name, problem);
  }

  /** A directory that gave way as a whole, and was not taken apart before a crash. */
  private void rescueWithin(String name) {
    try {
      tree.flatten(name).stream().filter(each -> !each.equals(name)).forEach(this::rescue);
      tree.discard(name);
    } catch (TreeException failure) {
      LOG.error("cannot empty {} in staging: {}", name, failure.problem());
    }
  }

  /** Keeps what waits where staging was before; only once every intent is settled. */
  synchronized void gather() {
    int left = 0;
    String why = "";
    try {
      for (String name : tree.strays()) {
        Optional<Problem> problem = gather(name);
        left += problem.isPresent() ? 1 : 0;
        why = problem.map(Problem::toString).orElse(why);
      }
    } catch (TreeException failure) {
      LOG.error("cannot list where staging was before: {}", failure.problem());
    }
    String text =
        left == 0
            ? ""
            : Count.of(left, "file waits", "files wait")
                + " to be kept where staging was before the state or the root was moved: "
                + why;
    if (!text.isEmpty() && !text.equals(strays)) {
      LOG.error("{}", text);
    }
    strays = text;
  }

  private Optional<Problem> gather(String name) {
    try {
      tree.takeStray(name).forEach(this::rescue);
      return Optional.empty();
    } catch (TreeException failure) {
      return Optional.of(failure.problem());
    }
  }

  /** What waits there still, and why, for people; empty when nothing does. */
  String strays() {
    return strays;
  }

  /** Contents of which the vault holds nothing though they left their paths. */
  SortedSet<Digest> unkept() {
    return new TreeSet<>(unkept.values());
  }

  /** Whether something is to be tried again. */
  boolean isWaiting() {
    return !unkept.isEmpty() || !written.isEmpty() || !strays.isEmpty();
  }

  /** Tries once more to keep what could not be kept. */
  void keepAgain() {
    // What is displaced from here on is in staging though it is not listed.
    Set<String> gone = new HashSet<>(unkept.keySet());
    gone.addAll(written);
    try {
      tree.staged().forEach(gone::remove);
    } catch (TreeException failure) {
      LOG.debug("cannot list staging: {}", failure.problem());
      return;
    }
    unkept.keySet().removeAll(gone);
    written.removeAll(gone);
    Map.copyOf(unkept)
        .forEach((name, digest) -> {
          if (!written.contains(name)) {
            keep(name, digest);
          }
        });
    Set.copyOf(written).forEach(this::rescue);
    if (!strays.isEmpty()) {
      gather();
    }
  }
}
