package dev.replicator.runtime;

import dev.replicator.content.ChunkedContent;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Outcome;
import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Message;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Journal;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stages, exchanges and keeps content on this disk. Thread-safe on different paths. */
final class DiskWork {
  private static final Logger LOG = LoggerFactory.getLogger(DiskWork.class);
  private static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final Tree tree;
  private final Vault vault;
  private final Inspector inspector;
  private final Assembler assembler;
  private final Fetches fetches;
  private final EarlyStaging early;
  private final SecondLooks secondLooks;
  private final Keeper keeper;
  private final Parts parts;
  private final FreeSpace space;
  private final EarlyChunks earlyChunks;

  /** Displaced objects that were read, by what was told of them, until the journal has it. */
  private final Map<Observation.Found, Displaced> told =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /** What gave way to its like: until the journal knows, it tells how that exchange ended. */
  private final Map<Outcome, String> spent = Collections.synchronizedMap(new IdentityHashMap<>());

  DiskWork(
      Tree tree,
      Vault vault,
      Inspector inspector,
      Assembler assembler,
      LocalContent content,
      EarlyStaging early) {
    this.tree = tree;
    this.vault = vault;
    this.inspector = inspector;
    this.assembler = assembler;
    this.early = early;
    this.secondLooks = new SecondLooks(tree, vault);
    this.keeper = new Keeper(tree, vault, inspector, secondLooks);
    this.parts = new Parts(tree);
    this.space = new FreeSpace(tree, parts);
    this.earlyChunks = new EarlyChunks(parts, space);
    this.fetches = new Fetches(vault, assembler, content, space);
  }

  Parts parts() {
    return parts;
  }

  FreeSpace space() {
    return space;
  }

  Fetches fetches() {
    return fetches;
  }

  EarlyChunks earlyChunks() {
    return earlyChunks;
  }

  /**
   * What was staged.
   *
   * @param ahead chunks that came before the change, and did not have to be asked for
   */
  record StagedTarget(String name, Stamp stamp, ChunkList chunks, int ahead) {
    StagedTarget(String name, Stamp stamp, ChunkList chunks) {
      this(name, stamp, chunks, 0);
    }
  }

  StagedTarget stage(Effect.Stage effect) throws TreeException, IOException, InterruptedException {
    try (Admission.Stay stay = Admission.OF_PROCESS.enter(effect.target().entry())) {
      return orGiveUp(() -> staged(effect));
    }
  }

  /** What puts something into staging. */
  private interface Putting<T> {
    T put() throws TreeException, IOException, InterruptedException;
  }

  /** A disk that refuses to take it gets back what is kept for other attempts. */
  private <T> T orGiveUp(Putting<T> putting)
      throws TreeException, IOException, InterruptedException {
    try {
      return putting.put();
    } catch (TreeException failure) {
      space.refused(failure.problem());
      throw failure;
    } catch (IOException failure) {
      space.refused(TreeException.problemOf(failure));
      throw failure;
    }
  }

  private StagedTarget staged(Effect.Stage effect)
      throws TreeException, IOException, InterruptedException {
    Target target = effect.target();
    if (!(target.entry() instanceof Entry.File file)) {
      Tree.Staged staged = tree.stage(target);
      return new StagedTarget(staged.name(), staged.stamp(), ChunkList.EMPTY);
    }
    Assembler.Order order =
        new Assembler.Order(effect.path(), file, effect.expected(), effect.sources());
    ChunkList chunks = assembler.chunks(order);
    Optional<Tree.StagedFile> whole = early.take(file.digest());
    EarlyChunks.Opened opened =
        whole.isPresent()
            ? new EarlyChunks.Opened(whole.get(), Optional.empty())
            : earlyChunks.open(effect.path(), file, chunks);
    long missing = Math.max(0, chunks.dataBytes() - opened.bytes());
    try (Tree.StagedFile staged = opened.file()) {
      space.require(missing);
      try (FreeSpace.Promise room = space.promise(missing, staged.channel())) {
        int ahead =
            whole.isPresent()
                ? 0
                : assembler.write(order, chunks, staged.channel(), opened.ahead());
        Stamp stamp = staged.seal(file.size(), target.mtime(), target.attributes());
        return new StagedTarget(staged.name(), stamp, chunks, ahead);
      }
    }
  }

  /**
   * As {@link #stage}, of what needs no peer and no other file: what came with its record, links
   * and directories. Empty when it takes more.
   */
  Optional<StagedTarget> stageAtHand(Effect.Stage effect)
      throws TreeException, IOException, InterruptedException {
    return orGiveUp(() -> stagedAtHand(effect));
  }

  private Optional<StagedTarget> stagedAtHand(Effect.Stage effect)
      throws TreeException, IOException, InterruptedException {
    Target target = effect.target();
    if (!(target.entry() instanceof Entry.File file) || file.size() == 0) {
      return Optional.of(staged(effect));
    }
    Optional<Message.InlineContent> inline = assembler.atHand(file);
    if (inline.isEmpty()) {
      return Optional.empty();
    }
    space.require(file.size());
    Optional<Tree.StagedFile> written = early.take(file.digest());
    try (Tree.StagedFile staged = written.isPresent() ? written.get() : tree.stageFile()) {
      if (written.isEmpty() && !assembler.writeAtHand(inline.get(), staged.channel())) {
        return Optional.empty();
      }
      Stamp stamp = staged.seal(file.size(), target.mtime(), target.attributes());
      return Optional.of(new StagedTarget(staged.name(), stamp, inline.get().chunks()));
    }
  }

  Tree.Exchanged exchange(Effect.Exchange effect) {
    return effect.sparing()
        ? tree.exchangeUnlessWritten(effect.path(), effect.intent())
        : tree.exchange(effect.path(), effect.intent());
  }

  /**
   * Keeps what was displaced, and tells the replica how the exchange ended. Whether it could be
   * kept changes nothing of that: what is under the name now is no write of a user's. What was
   * staged and not put waits: a start that finds it there, with its intent, knows that it was not.
   */
  Outcome conclude(RelativePath path, Intent intent, Tree.Exchanged exchanged) {
    return switch (exchanged) {
      case Tree.Exchanged.Done done ->
          displaced(
              path,
              intent,
              new Displacement(done.stamp(), done.actual(), done.displaced(), Optional.empty()));
      case Tree.Exchanged.Removed removed ->
          displaced(
              path,
              intent,
              new Displacement(NO_STAMP, Target.ABSENT, removed.displaced(), Optional.empty()));
      case Tree.Exchanged.Unexpected unexpected -> new Outcome.Unexpected();
      case Tree.Exchanged.BeingWritten it -> new Outcome.BeingWritten();
      case Tree.Exchanged.Overtaken it ->
          displaced(
              path,
              intent,
              new Displacement(
                  it.stamp(), it.actual(), it.displaced(), Optional.of(it.displacedLook())));
      case Tree.Exchanged.Failed failed -> new Outcome.Failed(failed.problem());
    };
  }

  /** The same, of an exchange that a crash cut off from its end. */
  Outcome conclude(
      RelativePath path,
      Intent intent,
      Tree.Settled.Applied applied,
      Optional<Tree.Look.Found> written) {
    return displaced(
        path,
        intent,
        new Displacement(applied.stamp(), applied.actual(), applied.displaced(), written));
  }

  /** What is in place, what gave way to it, and what that is when it is a local write. */
  private record Displacement(
      Stamp stamp, Target actual, String name, Optional<Tree.Look.Found> written) {
    Outcome done() {
      return actual.entry().isPresent() ? new Outcome.Placed(stamp, actual) : new Outcome.Removed();
    }
  }

  /** A file has another stamp by what was done to it here. */
  void changed(Stamp before, Stamp after) {
    inspector.young().put(before, after);
  }

  /** Until the last writer closed what was displaced, nobody can say what it is. */
  private Outcome displaced(RelativePath path, Intent intent, Displacement it) {
    if (it.actual.entry() instanceof Entry.File) {
      inspector.young().placed(it.stamp);
    }
    if (it.name.isEmpty()) {
      intent
          .expected()
          .filter(was -> was.entry().equals(it.actual.entry()))
          .ifPresent(was -> changed(was.stamp(), it.stamp));
      return it.done();
    }
    if (intent.expected().isEmpty()) {
      // Made where nothing was expected, at the same moment.
      return it.written.map(written -> overtaken(path, intent, it, written)).orElseGet(it::done);
    }
    Materialised was = intent.expected().get();
    return switch (lookAgain(it.name, was)) {
      case Tree.Displaced.BeingWritten still ->
          new Outcome.StillWritten(it.stamp, it.actual, it.name);
      case Tree.Displaced.Written written -> overtaken(path, intent, it, written.look());
      case Tree.Displaced.Untouched untouched -> {
        if (it.written.isPresent()) {
          yield overtaken(path, intent, it, it.written.get());
        }
        yield kept(path, it, was);
      }
    };
  }

  /** Its stamp may be that of a second write in the tick in which it was read. */
  private Outcome kept(RelativePath path, Displacement it, Materialised was) {
    try {
      var file = new Displaced(it.name, path, was);
      Optional<Observation.Found> written = writtenInTick(file);
      if (written.isPresent()) {
        return new Outcome.Overtaken(it.stamp, it.actual, written.get());
      }
      if (was.entry().equals(it.actual.entry())) {
        // Owner, mode or time changed, on a copy: what gave way is what stands there.
        Outcome done = it.done();
        spent.put(done, it.name);
        return done;
      }
      if (!isKept(file)) {
        return new Outcome.StillWritten(it.stamp, it.actual, it.name);
      }
    } catch (TreeException | IOException failure) {
      return unread(path, it, failure);
    }
    return it.done();
  }

  /** What gave way can be told to nobody yet: it waits, and is read again until it can. */
  private static Outcome unread(RelativePath path, Displacement it, Exception failure) {
    LOG.error("cannot read what {} was: {}", path, failure.toString());
    return new Outcome.StillWritten(it.stamp, it.actual, it.name);
  }

  /** Who ended since does not know any more whether he read it in the tick of a write. */
  void doubt(Materialised was) {
    if (was.entry() instanceof Entry.File) {
      inspector.young().doubt(was.stamp());
    }
  }

  void doubtUnread(Journal journal) {
    inspector.young().doubtUnread(journal);
  }

  /** What somebody wrote in the tick in which it was read. */
  Optional<Observation.Found> writtenInTick(Displaced file) throws TreeException, IOException {
    Materialised was = file.was();
    if (!inspector.young().has(was.stamp())) {
      return Optional.empty();
    }
    Attributes then = was.actual().attributes();
    Observation.Found found =
        displaced(
            new Tree.Look.Found(was.stamp(), EntryType.FILE, Bytes.EMPTY, then),
            file.path(),
            file.name());
    if (found.actual().entry().equals(was.entry())) {
      told.remove(found);
      return Optional.empty();
    }
    return Optional.of(found);
  }

  private Tree.Displaced lookAgain(String name, Materialised was) {
    try {
      return tree.displaced(name, was);
    } catch (TreeException failure) {
      LOG.warn("cannot tell who writes to {} in staging: {}", name, failure.problem());
      // It stays where it is, and is looked at again: nothing is kept that was not seen.
      return new Tree.Displaced.BeingWritten(Optional.empty());
    }
  }

  /** Keeps a file that was displaced, once nobody has it open; what else was needs no keeping. */
  void keep(Displaced it) {
    if (it.was().entry() instanceof Entry.File) {
      keeper.keep(it);
    } else {
      discard(it.name());
    }
  }

  /** The same; tells false where somebody has it open, who may still write to it. */
  boolean isKept(Displaced it) {
    if (it.was().entry() instanceof Entry.File) {
      return keeper.isKept(it);
    }
    discard(it.name());
    return true;
  }

  /** The content of {@code entry}, when the vault has it not. */
  SortedSet<Digest> missing(Entry entry) throws IOException {
    return entry instanceof Entry.File file && !vault.holds(file.digest())
        ? new TreeSet<>(Set.of(file.digest()))
        : new TreeSet<>();
  }

  Keeper keeper() {
    return keeper;
  }

  SecondLooks secondLooks() {
    return secondLooks;
  }

  private Outcome overtaken(
      RelativePath path, Intent intent, Displacement it, Tree.Look.Found written) {
    try {
      return new Outcome.Overtaken(it.stamp, it.actual, displaced(written, path, it.name));
    } catch (TreeException | IOException failure) {
      Outcome unread = unread(path, it, failure);
      // Over nothing it is no version that the journal could name: the next start tries again.
      return intent.expected().isPresent() ? unread : it.done();
    }
  }

  /** Keeps a local write that an exchange displaced, and tells what it was. */
  Observation.Found displaced(Tree.Look.Found look, RelativePath path, String name)
      throws TreeException, IOException {
    if (look.type() != EntryType.FILE) {
      Entry entry =
          look.type() == EntryType.DIRECTORY
              ? Entry.DIRECTORY
              : new Entry.Symlink(look.linkTarget());
      return told(
          path,
          name,
          new Observation.Found(
              look.stamp(),
              new Target(entry, Inspector.instant(look.stamp().mtimeNanos()), look.attributes()),
              ChunkList.EMPTY));
    }
    Optional<ChunkedContent> chunked;
    try (SeekableByteChannel channel = tree.readStaged(name)) {
      chunked = inspector.chunk(channel, look.stamp().size());
    }
    if (chunked.isEmpty()) {
      throw new TreeException(Problem.of(Problem.Kind.TOO_LARGE));
    }
    Instant mtime = Inspector.instant(look.stamp().mtimeNanos());
    return told(
        path,
        name,
        new Observation.Found(
            look.stamp(),
            new Target(chunked.get().file(), mtime, look.attributes()),
            chunked.get().chunks()));
  }

  /** As written over nothing: the journal has given no write of it a name yet. */
  private Observation.Found told(RelativePath path, String name, Observation.Found found) {
    Target actual = found.actual();
    var was = new Materialised(found.stamp(), actual, actual.attributes(), Knowledge.NONE);
    told.put(found, new Displaced(name, path, was));
    return found;
  }

  /** Whether what waits under {@code name} was told and is not journaled yet. */
  boolean isTold(String name) {
    synchronized (told) {
      // The map itself would compare names by identity, too.
      return told.values().stream().map(Displaced::name).anyMatch(name::equals);
    }
  }

  /**
   * The journal holds what {@link #displaced} told. Only now it may leave staging: a start that
   * finds it there, with its intent, looks again.
   */
  void journaled(Observation.Found found) {
    Optional.ofNullable(told.remove(found)).ifPresent(this::keep);
  }

  /** What is of no more use once the journal has {@code outcome}. */
  Optional<String> spent(Outcome outcome) {
    return Optional.ofNullable(spent.remove(outcome));
  }

  void discard(String name) {
    if (name.isEmpty()) {
      return;
    }
    try {
      tree.discard(name);
    } catch (TreeException failure) {
      LOG.warn("cannot remove {} from staging: {}", name, failure.problem());
    }
  }

  /** Brings a file that no intent speaks of to the vault; it may be all that is left of a path. */
  void rescue(String name) {
    keeper.rescue(name);
  }
}
