package dev.replicator.simulation;

import dev.replicator.model.Adoption;
import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.Dot;
import dev.replicator.model.Doubt;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.FormerLife;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Identity;
import dev.replicator.model.Initial;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalId;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.RootState;
import dev.replicator.model.Sequence;
import dev.replicator.model.Siblings;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.model.VersionVector;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Arbitrary valid values of the model, the same ones for the same seed. Small domains, so that
 * values meet; every corner that a type allows comes up now and then.
 */
public final class Values {
  private static final int REPLICAS = 4;
  private static final int NODES = 4;
  private static final int DIGESTS = 64;
  private static final long SECOND_MAX = 1L << 33;
  private static final String[] NAMES = {
    "a", "b", "a-b", "a.b", "x", "index.php", ".htaccess", "plugins", "\u00e9t\u00e9", "a b", "\n"
  };

  private final RandomGenerator random;

  public Values(RandomGenerator random) {
    this.random = random;
  }

  public RandomGenerator random() {
    return random;
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  private <T> T oneOf(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> Optional<T> optional(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  /** A list of 0 to {@code sizeMax} values. */
  public <T> List<T> list(int sizeMax, Supplier<T> value) {
    List<T> list = new ArrayList<>();
    for (int left = random.nextInt(sizeMax + 1); left > 0; left--) {
      list.add(value.get());
    }
    return list;
  }

  public Bytes bytes(int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return Bytes.copyOf(octets);
  }

  private byte[] name() {
    if (oneIn(20)) {
      return new byte[] {(byte) 0xff, (byte) (1 + random.nextInt('.'))};
    }
    return oneOf(NAMES).getBytes(StandardCharsets.UTF_8);
  }

  /** A path of one to four components; never the root. */
  public RelativePath path() {
    RelativePath path = RelativePath.ROOT.child(name());
    for (int depth = random.nextInt(4); depth > 0; depth--) {
      path = path.child(name());
    }
    return path;
  }

  public Digest digest() {
    byte[] octets = new byte[Digest.LENGTH_BYTES];
    octets[0] = (byte) random.nextInt(DIGESTS);
    octets[31] = (byte) 0x80;
    return Digest.of(octets);
  }

  public NodeId node() {
    byte[] octets = new byte[Digest.LENGTH_BYTES];
    octets[random.nextInt(NODES)] = (byte) 0xff;
    return NodeId.of(octets);
  }

  public JournalId journalId() {
    return new JournalId(bytes(JournalId.LENGTH_BYTES));
  }

  public ReplicaId replica() {
    return new ReplicaId(0x8123_4567_89ab_cde0L * (1 + random.nextInt(REPLICAS)));
  }

  private long count() {
    return 1 + (oneIn(10) ? random.nextLong(Long.MAX_VALUE) : random.nextLong(1_000));
  }

  public Dot dot() {
    return new Dot(replica(), count());
  }

  public SortedSet<Dot> dots(int sizeMax) {
    return new TreeSet<>(list(sizeMax, this::dot));
  }

  public VersionVector vector() {
    return VersionVector.covering(dots(REPLICAS));
  }

  public Identity identity() {
    return new Identity(replica(), journalId());
  }

  public Sequence sequence() {
    return new Sequence(journalId(), count());
  }

  public Instant instant() {
    return Instant.ofEpochSecond(
        random.nextLong(-SECOND_MAX, SECOND_MAX), random.nextInt(1_000_000_000));
  }

  public Entry entry() {
    return switch (random.nextInt(6)) {
      case 0 -> Entry.ABSENT;
      case 1 -> Entry.DIRECTORY;
      case 2 -> new Entry.Symlink(Bytes.copyOf(path().toArray()));
      default -> new Entry.File(digest(), oneIn(4) ? 0 : random.nextLong(1L << 40));
    };
  }

  private Principal principal() {
    return switch (random.nextInt(3)) {
      case 0 -> new Principal("", random.nextInt());
      case 1 -> new Principal("www-data", 33);
      default -> new Principal("b\u00f6b", 1_000);
    };
  }

  public Attributes attributes(EntryType type) {
    TreeMap<String, Bytes> extended = new TreeMap<>();
    if (oneIn(4)) {
      list(3, () -> extended.put("user." + random.nextInt(5), bytes(random.nextInt(20))));
    }
    int mode = random.nextInt(Attributes.MODE_MASK + 1);
    return new Attributes(type, mode, principal(), principal(), extended);
  }

  private Attributes attributes() {
    return attributes(
        oneOf(new EntryType[] {EntryType.DIRECTORY, EntryType.FILE, EntryType.SYMLINK}));
  }

  public Target target() {
    Entry entry = entry();
    return entry.isPresent()
        ? new Target(entry, instant(), attributes(entry.type()))
        : Target.ABSENT;
  }

  private <T> Siblings<T> siblings(List<Dot> dots, Supplier<T> value) {
    TreeMap<Dot, Element<T>> siblings = new TreeMap<>();
    for (Dot dot : dots) {
      if (random.nextInt(3) > 0) {
        siblings.put(dot, element(dot, value.get()));
      }
    }
    return Siblings.of(siblings.values());
  }

  private <T> Element<T> element(Dot dot, T value) {
    if (random.nextBoolean()) {
      return Element.written(dot, value, dot.counter() << 16, List.of());
    }
    return new Element<>(
        dot,
        value,
        random.nextLong(),
        random.nextInt(Element.PREFERENCE_MAX + 1),
        random.nextBoolean(),
        dots(3));
  }

  public Record record() {
    List<Dot> dots = list(4, this::dot);
    return new Record(
        VersionVector.covering(dots).join(vector()),
        siblings(dots, this::entry),
        siblings(dots, this::instant),
        siblings(dots, this::attributes));
  }

  public RecordState recordState(long number) {
    return new RecordState(
        record(),
        number,
        optional(this::node),
        oneIn(3) ? random.nextLong() : 0,
        list(Limits.DOUBTS_MAX, () -> new Doubt(replica(), knowledge())));
  }

  public Stamp stamp() {
    return new Stamp(
        random.nextLong(),
        random.nextLong(1L << 32),
        random.nextLong(1L << 40),
        random.nextLong(),
        random.nextLong(),
        random.nextInt(),
        random.nextInt(),
        random.nextInt(),
        1 + random.nextInt(3));
  }

  public Knowledge knowledge() {
    return new Knowledge(dots(3), dots(3), dots(3), dots(2));
  }

  public Materialised materialised() {
    Target actual = target();
    Attributes asked =
        actual.entry().isPresent() && oneIn(4)
            ? attributes(actual.entry().type())
            : actual.attributes();
    return new Materialised(stamp(), actual, asked, knowledge(), random.nextLong());
  }

  public Intent intent() {
    return new Intent(
        optional(this::materialised),
        target(),
        knowledge(),
        optional(this::stamp),
        oneIn(2) ? "" : "staged-" + random.nextInt(100));
  }

  public Displaced displaced(RelativePath path) {
    return new Displaced("staged-" + random.nextInt(100), path, materialised());
  }

  public Problem problem() {
    return new Problem(oneOf(Problem.Kind.values()), oneIn(2) ? "" : "ENOSPC on /srv");
  }

  public Pending pending() {
    return new Pending(problem(), random.nextLong(), random.nextLong(), random.nextInt());
  }

  public PeerProgress peerProgress() {
    return new PeerProgress(
        sequence(),
        journalId(),
        count() - 1,
        count() - 1,
        random.nextBoolean(),
        random.nextBoolean(),
        optional(this::sequence),
        optional(this::sequence));
  }

  public RootState rootState() {
    return new RootState(
        identity(),
        count() - 1,
        count(),
        vector(),
        random.nextLong(),
        "boot-" + random.nextInt(3),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextLong(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        oneOf(Initial.values()),
        optional(() ->
            new RootIdentity(
                random.nextLong(),
                random.nextLong(),
                "marker",
                OptionalLong.of(random.nextLong()),
                random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty(),
                random.nextLong(RootIdentity.EPOCH_MAX))),
        list(3, () -> new FormerLife(identity(), count(), count(), oneOf(FormerLife.End.values()))),
        new TreeSet<>(list(Limits.UNREAD_SCOPES_MAX, this::path)),
        new Adoption(random.nextLong(), random.nextBoolean()),
        optional(this::digest));
  }

  private Chunk chunk() {
    return oneIn(4)
        ? new Chunk.Hole(1 + random.nextLong(1L << 40))
        : new Chunk.Data(digest(), 1 + random.nextInt(Limits.CHUNK_BYTES_MAX));
  }

  public List<Chunk> chunks(int countMax) {
    return list(countMax, this::chunk);
  }

  public ChunkList chunkList() {
    return new ChunkList(chunks(20));
  }

  public HistoryItem historyItem(RelativePath path) {
    long leftMillis = oneIn(10) ? random.nextLong() : random.nextLong(-5, 20);
    return new HistoryItem(
        path, leftMillis, random.nextLong(), dot(), target(), oneOf(HistoryItem.Reason.values()));
  }
}
