package dev.replicator.simulation;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.Interference.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A tree on a simulated disk that can all the linux layer can: raw names, owners, verified
 * exchange. Before every step it lets an {@link Interference} act.
 */
public final class FakeTree implements Tree {
  static final Look.RootLost LOST =
      new Look.RootLost(new Problem(Kind.HELD, "the root is not the directory that it was"));

  private static final RelativePath OWN = RelativePath.of(".replicator");
  private static final int OUR_ID = 0;
  private static final int NOBODY = 65_534;
  private static final Map<String, Integer> USERS =
      new TreeMap<>(Map.of("root", 0, "daemon", 1, "www-data", FakeDisk.USER_ID));

  private final FakeDisk disk;
  private final FakeExchange exchange;
  private Interference interference = Interference.NONE;
  private Optional<RootIdentity> pinned = Optional.empty();

  public FakeTree(FakeDisk disk) {
    this.disk = disk;
    this.exchange = new FakeExchange(this, disk);
  }

  /** From now on {@code fresh} acts before every step. */
  public void interfere(Interference fresh) {
    interference = fresh;
  }

  void pass(Step step, RelativePath path) {
    interference.before(step, path);
  }

  void enter(Step step, RelativePath path) throws TreeException {
    interference.before(step, path);
    Optional<Problem> fault = interference.fault(step, path);
    if (fault.isPresent()) {
      throw new TreeException(fault.get());
    }
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true, true, true);
  }

  private boolean isRoot() {
    return pinned.isEmpty()
        || disk.root().map(root -> root.number == pinned.get().inode()).orElse(false);
  }

  void requireRoot() throws TreeException {
    if (!isRoot()) {
      throw new TreeException(LOST.problem());
    }
  }

  @Override
  public boolean isWorkable() {
    return true;
  }

  @Override
  public RootIdentity identity() throws TreeException {
    Inode root =
        disk.root()
            .orElseThrow(
                () -> new TreeException(new Problem(Kind.INPUT_OUTPUT, "the root is missing")));
    return new RootIdentity(Inode.DEVICE, root.number, marker(root).orElse(""));
  }

  private static Optional<String> marker(Inode root) {
    return Optional.ofNullable(root.children.get(FakeDisk.name(OWN)))
        .map(own -> new String(own.content, StandardCharsets.UTF_8));
  }

  @Override
  public void mark(RootIdentity identity) throws TreeException {
    Optional<String> there = marker(disk.root().orElseThrow());
    if (there.isPresent() && !there.get().equals(identity.marker())) {
      throw new TreeException(new Problem(Kind.OBSTRUCTED, "it exists"));
    }
    Inode own = disk.create(Inode.Kind.FILE, 0600, OUR_ID);
    own.content = identity.marker().getBytes(StandardCharsets.UTF_8);
    own.save();
    disk.link(disk.root().orElseThrow(), FakeDisk.name(OWN), own);
    disk.saveNames();
  }

  @Override
  public void pin(RootIdentity identity) {
    pinned = Optional.of(identity);
  }

  static boolean isOwn(RelativePath path) {
    return path.isWithin(OWN);
  }

  @Override
  public Look look(RelativePath path) throws TreeException {
    enter(Step.LOOK, path);
    return lookNow(path);
  }

  Look lookNow(RelativePath path) {
    if (!isRoot()) {
      return LOST;
    }
    return isOwn(path)
        ? new Look.Gone()
        : disk.at(path).map(FakeTree::look).orElse(new Look.Gone());
  }

  static Look look(Inode inode) {
    return inode.kind == Inode.Kind.FIFO ? new Look.Special("FIFO") : found(inode);
  }

  static Look.Found found(Inode inode) {
    EntryType type = inode.kind.type();
    Bytes text = type == EntryType.SYMLINK ? Bytes.copyOf(inode.content) : Bytes.EMPTY;
    Attributes attributes =
        new Attributes(
            type, inode.mode, principal(inode.uid), principal(inode.gid), inode.extended);
    return new Look.Found(inode.stamp(), type, text, attributes);
  }

  private static Principal principal(int id) {
    return USERS.entrySet().stream()
        .filter(user -> user.getValue() == id)
        .map(user -> new Principal(user.getKey(), id))
        .findFirst()
        .orElse(new Principal("", id));
  }

  @Override
  public List<Child> list(RelativePath directory) throws TreeException {
    enter(Step.LIST, directory);
    requireRoot();
    Optional<Inode> listed = isOwn(directory) ? Optional.empty() : disk.at(directory);
    if (listed.isEmpty() || listed.get().kind != Inode.Kind.DIRECTORY) {
      throw new TreeException(new Problem(Kind.INPUT_OUTPUT, "no such directory"));
    }
    List<Child> children = new ArrayList<>();
    for (Map.Entry<Bytes, Inode> child : listed.get().children.entrySet()) {
      RelativePath path = directory.child(child.getKey().toArray());
      if (!isOwn(path)) {
        children.add(new Child(path, look(child.getValue())));
      }
    }
    return children;
  }

  @Override
  public SeekableByteChannel read(RelativePath path, Stamp stamp) throws TreeException {
    return read(path, stamp::equals);
  }

  @Override
  public SeekableByteChannel readOn(RelativePath path, Stamp stamp) throws TreeException {
    return read(path, stamp::isContinuedBy);
  }

  private SeekableByteChannel read(RelativePath path, Predicate<Stamp> wanted)
      throws TreeException {
    enter(Step.READ, path);
    if (lookNow(path) instanceof Look.Found found
        && found.type() == EntryType.FILE
        && wanted.test(found.stamp())) {
      return open(disk.at(path).orElseThrow(), InodeChannel.Access.READ, Step.READ, path);
    }
    throw new TreeException(new Problem(Kind.BUSY, "it changed since it was looked at"));
  }

  /** Others may act before every read and write; a fault of the step is one of the channel. */
  private SeekableByteChannel open(
      Inode inode, InodeChannel.Access access, Step step, RelativePath path) {
    return new InodeChannel(
        inode,
        access,
        () -> {
          interference.before(step, path);
          Optional<Problem> fault = interference.fault(step, path);
          if (fault.isPresent()) {
            throw new IOException(fault.get().toString());
          }
        });
  }

  @Override
  public StagedFile stageFile() throws TreeException {
    enter(Step.STAGE, RelativePath.ROOT);
    Inode inode = disk.create(Inode.Kind.FILE, 0600, OUR_ID);
    String name = put(inode);
    return new FakeStagedFile(name, inode);
  }

  /** A file that is being written. */
  private final class FakeStagedFile implements StagedFile {
    private final String name;
    private final Inode inode;
    private final SeekableByteChannel channel;
    private boolean sealed;

    FakeStagedFile(String name, Inode inode) {
      this.name = name;
      this.inode = inode;
      this.channel = open(inode, InodeChannel.Access.WRITE, Step.STAGE, RelativePath.ROOT);
    }

    @Override
    public SeekableByteChannel channel() {
      return channel;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Stamp seal(long size, Instant mtime, Attributes attributes) throws TreeException {
      enter(Step.SEAL, RelativePath.ROOT);
      inode.resize((int) size);
      dress(inode, mtime, attributes);
      sealed = true;
      return inode.stamp();
    }

    @Override
    public void close() throws TreeException {
      if (!sealed) {
        discard(name);
      }
    }
  }

  /** Sets what a peer asked for, as far as the rules allow. */
  void dress(Inode inode, Instant mtime, Attributes attributes) {
    inode.uid = resolve(attributes.owner()).orElse(inode.uid == 0 ? NOBODY : inode.uid);
    inode.gid = resolve(attributes.group()).orElse(inode.gid == 0 ? NOBODY : inode.gid);
    if (attributes.type().isTimed()) {
      inode.mtimeNanos = mtime.getEpochSecond() * 1_000_000_000L + mtime.getNano();
    }
    if (attributes.type() != EntryType.SYMLINK) {
      inode.mode = enforced(attributes);
    }
    inode.extended = attributes.extended();
    inode.ctimeNanos = disk.now();
  }

  static int enforced(Attributes attributes) {
    return attributes.type() == EntryType.FILE ? attributes.mode() & 01777 : attributes.mode();
  }

  private static Optional<Integer> resolve(Principal asked) {
    int id = USERS.getOrDefault(asked.name(), asked.id());
    return id == 0 && !asked.name().equals("root") ? Optional.empty() : Optional.of(id);
  }

  @Override
  public Staged stage(Target target) throws TreeException {
    enter(Step.STAGE, RelativePath.ROOT);
    Inode inode =
        switch (target.entry()) {
          case Entry.Directory directory -> disk.create(Inode.Kind.DIRECTORY, 0700, OUR_ID);
          case Entry.Symlink link -> symlink(link);
          case Entry.File file -> throw new IllegalArgumentException("staged by writing");
          case Entry.Absent absent -> throw new IllegalArgumentException("nothing to stage");
        };
    dress(inode, target.mtime(), target.attributes());
    String name = put(inode);
    return new Staged(name, inode.stamp());
  }

  private Inode symlink(Entry.Symlink link) {
    Inode inode = disk.create(Inode.Kind.SYMLINK, 0777, OUR_ID);
    inode.content = link.target().toArray();
    return inode;
  }

  /** Puts an object into staging, under a name that no other ever had. */
  String put(Inode inode) {
    String name = String.format("%016x%016x", inode.number, disk.now());
    disk.link(disk.staging(), bytes(name), inode);
    return name;
  }

  /** Puts what stood at {@code path} into staging, under a name that is found again. */
  String putAside(RelativePath path, Intent intent, Inode inode) {
    String name = asideName(path, intent);
    if (disk.staging().children.containsKey(bytes(name))) {
      return put(inode);
    }
    disk.link(disk.staging(), bytes(name), inode);
    return name;
  }

  static String asideName(RelativePath path, Intent intent) {
    byte[] key = (Bytes.copyOf(path.toArray()) + intent.key()).getBytes(StandardCharsets.US_ASCII);
    return UUID.nameUUIDFromBytes(key).toString().replace("-", "");
  }

  static Bytes bytes(String name) {
    return Bytes.copyOf(name.getBytes(StandardCharsets.US_ASCII));
  }

  Optional<Inode> waiting(String name) throws TreeException {
    if (!name.matches("[0-9a-f]{32}|")) {
      throw new TreeException(new Problem(Kind.REFUSED, "not a name of staging: " + name));
    }
    return Optional.ofNullable(disk.staging().children.get(bytes(name)));
  }

  @Override
  public Exchanged exchange(RelativePath path, Intent intent) {
    try {
      enter(Step.EXCHANGE, path);
      return exchange.run(path, intent);
    } catch (TreeException failure) {
      return new Exchanged.Failed(failure.problem());
    }
  }

  @Override
  public Arrived arrive(List<GroupMember> members) {
    return new FakeArrival(this, disk).run(members);
  }

  @Override
  public Optional<Problem> move(
      RelativePath from, RelativePath to, SortedMap<RelativePath, Materialised> expected) {
    return new FakeRelocation(this, disk).run(from, to, expected);
  }

  @Override
  public void disband(List<GroupMember> members) throws TreeException {
    enter(Step.DISCARD, members.getFirst().path());
    new FakeArrival(this, disk).disband(members);
  }

  @Override
  public void disperse(List<GroupMember> members, Map<RelativePath, Stamp> stayed)
      throws TreeException {
    enter(Step.DISCARD, members.getFirst().path());
    new FakeReplacement(this, disk, members).resume(stayed);
  }

  @Override
  public Settled settle(RelativePath path, Intent intent) throws TreeException {
    enter(Step.SETTLE, path);
    requireRoot();
    return new FakeSettlement(this).settle(path, lookNow(path), intent);
  }

  private Inode file(String name) throws TreeException {
    return waiting(name)
        .filter(inode -> inode.kind == Inode.Kind.FILE)
        .orElseThrow(() -> new TreeException(new Problem(Kind.OBSTRUCTED, "no file in staging")));
  }

  @Override
  public SeekableByteChannel readStaged(String name) throws TreeException {
    enter(Step.READ, RelativePath.ROOT);
    return open(file(name), InodeChannel.Access.READ, Step.READ, RelativePath.ROOT);
  }

  @Override
  public Optional<Path> release(String name, Path destination) throws TreeException {
    enter(Step.RELEASE, RelativePath.ROOT);
    Inode file = file(name);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            destination, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
      channel.write(ByteBuffer.wrap(file.content));
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
    disk.unlink(disk.staging(), bytes(name));
    return Optional.empty();
  }

  @Override
  public void discard(String name) throws TreeException {
    enter(Step.DISCARD, RelativePath.ROOT);
    Optional<Inode> waiting = waiting(name);
    if (waiting.isPresent() && !waiting.get().children.isEmpty()) {
      throw new TreeException(new Problem(Kind.OBSTRUCTED, "directory not empty"));
    }
    if (waiting.isPresent()) {
      disk.unlink(disk.staging(), bytes(name));
    }
  }

  @Override
  public List<String> staged() {
    return disk.staging().children.keySet().stream()
        .map(name -> new String(name.toArray(), StandardCharsets.US_ASCII))
        .toList();
  }

  @Override
  public Synced sync(List<RelativePath> paths) {
    if (!isRoot()) {
      return new Synced.RootLost(LOST.problem());
    }
    for (RelativePath path : paths) {
      try {
        enter(Step.SYNC, path);
      } catch (TreeException refused) {
        return new Synced.Failed(refused.problem());
      }
      disk.at(path).ifPresent(Inode::save);
    }
    disk.saveNames();
    return new Synced.Done(List.of());
  }

  @Override
  public Space space() {
    return new Space(FakeDisk.TOTAL_BYTES, disk.freeBytes());
  }

  @Override
  public void close() {}
}
