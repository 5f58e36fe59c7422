package dev.replicator.journal;

import dev.replicator.codec.CodecException;
import dev.replicator.codec.JournalCodec;
import dev.replicator.model.Census;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Invariant;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.Pending;
import dev.replicator.model.Presence;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One append on its way: the writes as keys and values, and what they replace. A later write of the
 * same append sees the earlier ones.
 */
final class Append implements AutoCloseable {
  private static final byte[] NOTHING = new byte[0];
  private static final long NO_NUMBER = 0;

  private final Store store;
  private final Store.Writes writes;
  private final Counts before;
  private Census materialised;
  private long pending;
  private long lastNumber;

  private final Map<RelativePath, Long> numbers = new HashMap<>();
  private final Map<Long, Boolean> taken = new HashMap<>();
  private final Map<RelativePath, Presence> presences = new HashMap<>();
  private final Map<RelativePath, Boolean> pendings = new HashMap<>();

  Append(Store store, Counts before) {
    this.store = store;
    this.before = before;
    this.materialised = before.materialised();
    this.pending = before.pending();
    this.lastNumber = before.lastNumber();
    this.writes = store.new Writes();
  }

  void add(JournalWrite write) {
    switch (write) {
      case JournalWrite.PutRoot put ->
          writes.put(Family.ROOT, NOTHING, JournalCodec.encode(put.state()));
      case JournalWrite.PutRecord put -> putRecord(put.path(), put.state());
      case JournalWrite.CollectRecord collect -> collectRecord(collect.path());
      case JournalWrite.PutMaterialised put -> putMaterialised(put.path(), put.materialised());
      case JournalWrite.DropMaterialised drop -> dropMaterialised(drop.path());
      case JournalWrite.PutIntent put ->
          writes.put(Family.INTENTS, put.path().toArray(), JournalCodec.encode(put.intent()));
      case JournalWrite.DropIntent drop -> writes.delete(Family.INTENTS, drop.path().toArray());
      case JournalWrite.PutDisplaced put ->
          writes.put(
              Family.DISPLACED,
              Keys.name(put.displaced().name()),
              JournalCodec.encode(put.displaced()));
      case JournalWrite.DropDisplaced drop ->
          writes.delete(Family.DISPLACED, Keys.name(drop.name()));
      case JournalWrite.PutPending put -> putPending(put.path(), put.pending());
      case JournalWrite.DropPending drop -> dropPending(drop.path());
      case JournalWrite.PutPeer put ->
          writes.put(
              Family.PEERS,
              put.peer().fingerprint().octets().toArray(),
              JournalCodec.encode(put.progress()));
      case JournalWrite.PutChunks put ->
          writes.put(
              Family.CHUNKS, put.file().octets().toArray(), JournalCodec.encode(put.chunks()));
      case JournalWrite.DropChunks drop ->
          writes.delete(Family.CHUNKS, drop.file().octets().toArray());
      case JournalWrite.PutHistory put -> putHistory(put.item());
      case JournalWrite.DropHistory drop -> dropHistory(drop.item());
    }
  }

  private void putRecord(RelativePath path, RecordState state) {
    long number = state.number();
    Invariant.check(number > NO_NUMBER, "changes are numbered from 1");
    dropNumber(path);
    Invariant.check(number > lastNumber || !isTaken(number), "two records never share a number");
    byte[] key = path.toArray();
    writes.put(Family.RECORDS, key, JournalCodec.encode(state));
    writes.put(Family.CHANGES, Keys.number(number), key);
    numbers.put(path, number);
    taken.put(number, true);
    lastNumber = Math.max(lastNumber, number);
  }

  private void collectRecord(RelativePath path) {
    dropNumber(path);
    writes.delete(Family.RECORDS, path.toArray());
    numbers.put(path, NO_NUMBER);
  }

  private void dropNumber(RelativePath path) {
    long number = numbers.computeIfAbsent(path, this::readNumber);
    if (number != NO_NUMBER) {
      writes.delete(Family.CHANGES, Keys.number(number));
      taken.put(number, false);
    }
  }

  private long readNumber(RelativePath path) {
    Optional<byte[]> old = store.get(Family.RECORDS, path.toArray());
    try {
      return old.isEmpty() ? NO_NUMBER : JournalCodec.recordNumber(old.get());
    } catch (CodecException e) {
      throw store.failure("holds no record for " + path, e);
    }
  }

  private boolean isTaken(long number) {
    return taken.computeIfAbsent(
        number, unknown -> store.get(Family.CHANGES, Keys.number(unknown)).isPresent());
  }

  private void putMaterialised(RelativePath path, Materialised put) {
    present(path, Presence.of(put));
    writes.put(Family.MATERIALISED, path.toArray(), JournalCodec.encode(put));
  }

  private void dropMaterialised(RelativePath path) {
    present(path, Presence.NONE);
    writes.delete(Family.MATERIALISED, path.toArray());
  }

  /** Counts what is there from now on, and keeps the names of files and of contents. */
  private void present(RelativePath path, Presence now) {
    Presence before = presences.computeIfAbsent(path, this::readPresence);
    materialised = materialised.plus(now.census()).minus(before.census());
    presences.put(path, now);
    byte[] octets = path.toArray();
    if (!now.file().equals(before.file())) {
      before.file().ifPresent(file -> writes.delete(Family.NAMES, Keys.nameOf(file, octets)));
      now.file().ifPresent(file -> writes.put(Family.NAMES, Keys.nameOf(file, octets), NOTHING));
    }
    if (!now.content().equals(before.content())) {
      before.content().ifPresent(it -> writes.delete(Family.CONTENTS, Keys.pathOf(it, octets)));
      now.content().ifPresent(it -> writes.put(Family.CONTENTS, Keys.pathOf(it, octets), NOTHING));
    }
  }

  private Presence readPresence(RelativePath path) {
    Optional<byte[]> old = store.get(Family.MATERIALISED, path.toArray());
    try {
      return old.isPresent() ? JournalCodec.presence(old.get()) : Presence.NONE;
    } catch (CodecException e) {
      throw store.failure("cannot tell what is materialised at " + path, e);
    }
  }

  private void putPending(RelativePath path, Pending put) {
    countPending(path, true);
    writes.put(Family.PENDING, path.toArray(), JournalCodec.encode(put));
  }

  private void dropPending(RelativePath path) {
    countPending(path, false);
    writes.delete(Family.PENDING, path.toArray());
  }

  private void countPending(RelativePath path, boolean now) {
    boolean then =
        pendings.computeIfAbsent(
            path, unknown -> store.get(Family.PENDING, unknown.toArray()).isPresent());
    pending += (now ? 1 : 0) - (then ? 1 : 0);
    pendings.put(path, now);
  }

  private void putHistory(HistoryItem item) {
    writes.put(Family.HISTORY, Keys.history(item), JournalCodec.encode(item));
    writes.put(Family.HISTORY_TIMES, Keys.historyTime(item), NOTHING);
  }

  private void dropHistory(HistoryItem item) {
    writes.delete(Family.HISTORY, Keys.history(item));
    writes.delete(Family.HISTORY_TIMES, Keys.historyTime(item));
  }

  /** Writes all of it and tells what is counted from then on. */
  Counts commit() {
    Invariant.check(materialised.present() >= 0, "as many paths are materialised as were put");
    Invariant.check(pending >= 0, "as many paths are pending as were put");
    Counts after = new Counts(materialised, pending, lastNumber);
    if (!materialised.equals(before.materialised()) || pending != before.pending()) {
      writes.put(Family.META, Counts.KEY, after.encode());
    }
    store.write(writes);
    return after;
  }

  @Override
  public void close() {
    writes.close();
  }
}
