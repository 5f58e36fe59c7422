package dev.replicator.codec;

import dev.replicator.model.Attributes;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Record;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.proto.AttributesElement;
import dev.replicator.proto.ContentElement;
import dev.replicator.proto.MtimeElement;
import dev.replicator.proto.RecordValue;
import dev.replicator.proto.WriteValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * Records as bytes. Each replica id stands once in a table, and what the elements of one write have
 * in common once in a list of writes: a record of one write takes about 120 bytes.
 */
final class RecordCodec {
  /** What the elements of one write have in common. */
  private record Write(Dot dot, long clock, int preference, boolean adopted, SortedSet<Dot> seen) {
    static Write of(Element<?> element) {
      return new Write(
          element.dot(), element.clock(), element.preference(), element.adopted(), element.seen());
    }

    <T> Element<T> element(T value) {
      return new Element<>(dot, value, clock, preference, adopted, seen);
    }
  }

  private RecordCodec() {}

  static RecordValue encode(Record record) {
    return new Writer(record).encode();
  }

  /** Turns one record into bytes. */
  private static final class Writer {
    private final Record record;
    private final RecordValue.Builder value = RecordValue.newBuilder();
    private final ReplicaTable table = new ReplicaTable();
    private final Map<Write, Integer> places = new HashMap<>();

    Writer(Record record) {
      this.record = record;
    }

    RecordValue encode() {
      for (Dot last : record.context().lasts()) {
        table.place(last.replica());
        value.addContext(last.counter());
      }
      for (Element<Entry> element : record.contents().elements()) {
        value.addContents(
            ContentElement.newBuilder()
                .setWrite(place(element))
                .setValue(ValueCodec.encode(element.value())));
      }
      for (Element<Instant> element : record.mtimes().elements()) {
        value.addMtimes(
            MtimeElement.newBuilder()
                .setWrite(place(element))
                .setValue(ValueCodec.encode(element.value())));
      }
      for (Element<Attributes> element : record.attributes().elements()) {
        value.addAttributes(
            AttributesElement.newBuilder()
                .setWrite(place(element))
                .setValue(ValueCodec.encode(element.value())));
      }
      return value.addAllReplicas(table.bits()).build();
    }

    private int place(Element<?> element) {
      return places.computeIfAbsent(Write.of(element), this::add);
    }

    private int add(Write write) {
      WriteValue.Builder part =
          WriteValue.newBuilder()
              .setReplica(table.place(write.dot().replica()))
              .setCounter(write.dot().counter())
              .setClock(write.clock())
              .setAdopted(write.adopted())
              .addAllSeen(table.pairs(write.seen()));
      if (write.preference() != Element.PREFERENCE_DEFAULT) {
        part.setPreference(write.preference());
      }
      value.addWrites(part);
      return value.getWritesCount() - 1;
    }
  }

  static Record record(RecordValue value) throws CodecException {
    List<ReplicaId> table = ReplicaTable.read(value.getReplicasList());
    List<Write> writes = new ArrayList<>(value.getWritesCount());
    for (WriteValue write : value.getWritesList()) {
      writes.add(write(write, table));
    }
    List<Element<Entry>> contents = new ArrayList<>(value.getContentsCount());
    for (ContentElement element : value.getContentsList()) {
      contents.add(at(writes, element.getWrite()).element(ValueCodec.entry(element.getValue())));
    }
    List<Element<Instant>> mtimes = new ArrayList<>(value.getMtimesCount());
    for (MtimeElement element : value.getMtimesList()) {
      mtimes.add(at(writes, element.getWrite()).element(ValueCodec.instant(element.getValue())));
    }
    List<Element<Attributes>> attributes = new ArrayList<>(value.getAttributesCount());
    for (AttributesElement element : value.getAttributesList()) {
      attributes.add(
          at(writes, element.getWrite()).element(ValueCodec.attributes(element.getValue())));
    }
    return new Record(
        ValueCodec.vector(value.getReplicasList(), value.getContextList()),
        Siblings.of(contents),
        Siblings.of(mtimes),
        Siblings.of(attributes));
  }

  private static Write at(List<Write> writes, int place) throws CodecException {
    ValueCodec.require(place >= 0 && place < writes.size(), "element of an unlisted write");
    return writes.get(place);
  }

  private static Write write(WriteValue value, List<ReplicaId> table) throws CodecException {
    return new Write(
        new Dot(ReplicaTable.at(table, value.getReplica()), value.getCounter()),
        value.getClock(),
        value.hasPreference() ? value.getPreference() : Element.PREFERENCE_DEFAULT,
        value.getAdopted(),
        ReplicaTable.dots(table, value.getSeenList(), Limits.SIBLINGS_MAX));
  }
}
