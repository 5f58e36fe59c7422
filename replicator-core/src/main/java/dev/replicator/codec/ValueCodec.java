package dev.replicator.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.NodeId;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Sequence;
import dev.replicator.model.VersionVector;
import dev.replicator.proto.AttributesValue;
import dev.replicator.proto.ChunkListValue;
import dev.replicator.proto.EntryValue;
import dev.replicator.proto.ExtendedAttributeValue;
import dev.replicator.proto.FileValue;
import dev.replicator.proto.IdentityValue;
import dev.replicator.proto.InstantValue;
import dev.replicator.proto.NothingValue;
import dev.replicator.proto.PrincipalValue;
import dev.replicator.proto.SequenceValue;
import dev.replicator.proto.TypeValue;
import dev.replicator.proto.VectorValue;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The values that both the wire and the journal carry, except records. */
final class ValueCodec {
  private static final int NANOS_MAX = 999_999_999;

  private ValueCodec() {}

  /** Refuses with {@code reason} unless {@code holds}. */
  static void require(boolean holds, String reason) throws CodecException {
    if (!holds) {
      throw new CodecException(reason);
    }
  }

  static ByteString encode(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.sharedArray());
  }

  static Bytes bytes(ByteString value) {
    return value.isEmpty() ? Bytes.EMPTY : Bytes.of(value.toByteArray());
  }

  static ByteString encode(Digest digest) {
    return encode(digest.octets());
  }

  static Digest digest(ByteString value) {
    return new Digest(bytes(value));
  }

  static ByteString encode(RelativePath path) {
    return UnsafeByteOperations.unsafeWrap(path.toArray());
  }

  static RelativePath path(ByteString value) {
    return RelativePath.of(value.toByteArray());
  }

  /** A path below the root: of the root itself nobody has anything to tell. */
  static RelativePath pathBelow(ByteString value) throws CodecException {
    require(!value.isEmpty(), "the root where a path below it belongs");
    return path(value);
  }

  static ByteString encode(JournalId journal) {
    return encode(journal.octets());
  }

  static JournalId journalId(ByteString value) {
    return new JournalId(bytes(value));
  }

  static ByteString encode(NodeId node) {
    return encode(node.fingerprint());
  }

  static NodeId nodeId(ByteString value) {
    return new NodeId(digest(value));
  }

  static IdentityValue encode(Identity identity) {
    return IdentityValue.newBuilder()
        .setReplica(identity.replica().bits())
        .setJournal(encode(identity.journal()))
        .build();
  }

  static Identity identity(IdentityValue value) {
    return new Identity(new ReplicaId(value.getReplica()), journalId(value.getJournal()));
  }

  static SequenceValue encode(Sequence sequence) {
    return SequenceValue.newBuilder()
        .setJournal(encode(sequence.journal()))
        .setNumber(sequence.number())
        .build();
  }

  static Sequence sequence(SequenceValue value) {
    return new Sequence(journalId(value.getJournal()), value.getNumber());
  }

  static VectorValue encode(VersionVector vector) {
    VectorValue.Builder value = VectorValue.newBuilder();
    for (Dot last : vector.lasts()) {
      value.addReplicas(last.replica().bits()).addCounters(last.counter());
    }
    return value.build();
  }

  static VersionVector vector(VectorValue value) throws CodecException {
    require(
        value.getReplicasCount() == value.getCountersCount(), "vector with a replica uncounted");
    return vector(value.getReplicasList(), value.getCountersList());
  }

  /** The vector of the first {@code counters.size()} of {@code replicas}. */
  static VersionVector vector(List<Long> replicas, List<Long> counters) throws CodecException {
    require(counters.size() <= replicas.size(), "vector with counters of unnamed replicas");
    if (counters.isEmpty()) {
      return VersionVector.EMPTY;
    }
    TreeMap<ReplicaId, Long> vector = new TreeMap<>();
    for (int index = 0; index < counters.size(); index++) {
      Long before = vector.put(new ReplicaId(replicas.get(index)), counters.get(index));
      require(before == null, "vector that names a replica twice");
    }
    return VersionVector.of(vector);
  }

  static EntryValue encode(Entry entry) {
    EntryValue.Builder value = EntryValue.newBuilder();
    return switch (entry) {
      case Entry.Absent absent -> value.setAbsent(NothingValue.getDefaultInstance()).build();
      case Entry.Directory directory ->
          value.setDirectory(NothingValue.getDefaultInstance()).build();
      case Entry.File file ->
          value
              .setFile(FileValue.newBuilder().setDigest(encode(file.digest())).setSize(file.size()))
              .build();
      case Entry.Symlink link -> value.setSymlink(encode(link.target())).build();
    };
  }

  static Entry entry(EntryValue value) throws CodecException {
    return switch (value.getEntryCase()) {
      case ABSENT -> Entry.ABSENT;
      case DIRECTORY -> Entry.DIRECTORY;
      case FILE -> new Entry.File(digest(value.getFile().getDigest()), value.getFile().getSize());
      case SYMLINK -> new Entry.Symlink(linkTarget(value.getSymlink()));
      case ENTRY_NOT_SET -> throw new CodecException("entry of no known kind");
    };
  }

  private static Bytes linkTarget(ByteString value) throws CodecException {
    Bytes target = bytes(value);
    for (int index = 0; index < target.length(); index++) {
      require(target.at(index) != 0, "link text with a NUL");
    }
    return target;
  }

  static InstantValue encode(Instant instant) {
    return InstantValue.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Instant instant(InstantValue value) throws CodecException {
    int nanos = value.getNanos();
    long seconds = value.getSeconds();
    require(nanos >= 0 && nanos <= NANOS_MAX, "instant with " + nanos + " nanoseconds");
    require(
        seconds >= Instant.MIN.getEpochSecond() && seconds <= Instant.MAX.getEpochSecond(),
        "instant out of range");
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private static PrincipalValue encode(Principal principal) {
    return PrincipalValue.newBuilder().setName(principal.name()).setId(principal.id()).build();
  }

  private static Principal principal(PrincipalValue value) throws CodecException {
    require(value.getName().indexOf(0) < 0, "owner name with a NUL");
    return new Principal(value.getName(), value.getId());
  }

  static AttributesValue encode(Attributes attributes) {
    AttributesValue.Builder value =
        AttributesValue.newBuilder()
            .setType(encode(attributes.type()))
            .setMode(attributes.mode())
            .setOwner(encode(attributes.owner()))
            .setGroup(encode(attributes.group()));
    attributes
        .extended()
        .forEach((name, octets) ->
            value.addExtended(
                ExtendedAttributeValue.newBuilder().setName(name).setValue(encode(octets))));
    return value.build();
  }

  static Attributes attributes(AttributesValue value) throws CodecException {
    TreeMap<String, Bytes> extended = new TreeMap<>();
    for (ExtendedAttributeValue attribute : value.getExtendedList()) {
      require(
          extended.put(attribute.getName(), bytes(attribute.getValue())) == null,
          "extended attribute twice");
    }
    return new Attributes(
        type(value.getType()),
        value.getMode(),
        principal(value.getOwner()),
        principal(value.getGroup()),
        extended);
  }

  private static TypeValue encode(EntryType type) {
    return switch (type) {
      case ABSENT -> throw new IllegalArgumentException("attributes of nothing");
      case DIRECTORY -> TypeValue.TYPE_DIRECTORY;
      case FILE -> TypeValue.TYPE_FILE;
      case SYMLINK -> TypeValue.TYPE_SYMLINK;
    };
  }

  private static EntryType type(TypeValue value) throws CodecException {
    return switch (value) {
      case TYPE_DIRECTORY -> EntryType.DIRECTORY;
      case TYPE_FILE -> EntryType.FILE;
      case TYPE_SYMLINK -> EntryType.SYMLINK;
      case TYPE_UNSPECIFIED, UNRECOGNIZED ->
          throw new CodecException("attributes of no known type");
    };
  }

  static ChunkListValue encode(List<Chunk> chunks) {
    ChunkListValue.Builder value = ChunkListValue.newBuilder();
    ByteArrayOutputStream digests = new ByteArrayOutputStream(32 * chunks.size());
    for (Chunk chunk : chunks) {
      switch (chunk) {
        case Chunk.Data data -> {
          value.addRuns(data.length() << 1);
          digests.writeBytes(data.digest().octets().sharedArray());
        }
        case Chunk.Hole hole -> value.addRuns(hole.length() << 1 | 1);
      }
    }
    return value.setDigests(UnsafeByteOperations.unsafeWrap(digests.toByteArray())).build();
  }

  static List<Chunk> chunks(ChunkListValue value, int countMax) throws CodecException {
    int count = value.getRunsCount();
    require(count <= countMax, "more than " + countMax + " chunks");
    List<Chunk> chunks = new ArrayList<>(count);
    ByteString digests = value.getDigests();
    int offset = 0;
    long size = 0;
    for (int index = 0; index < count; index++) {
      long run = value.getRuns(index);
      long length = run >>> 1;
      if ((run & 1) == 1) {
        chunks.add(new Chunk.Hole(length));
      } else {
        int end = offset + Digest.LENGTH_BYTES;
        require(end <= digests.size(), "chunk list without the digest of a chunk");
        chunks.add(new Chunk.Data(digest(digests.substring(offset, end)), length));
        offset = end;
      }
      size = Math.addExact(size, length);
    }
    require(offset == digests.size(), "chunk list with digests of no chunk");
    return chunks;
  }
}
