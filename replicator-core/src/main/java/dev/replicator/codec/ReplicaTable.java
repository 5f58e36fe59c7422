package dev.replicator.codec;

import dev.replicator.model.Dot;
import dev.replicator.model.ReplicaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The replica ids of one value, each named once; dots refer to them by place. */
final class ReplicaTable {
  private final Map<ReplicaId, Integer> places = new HashMap<>();
  private final List<Long> bits = new ArrayList<>();

  /** Where {@code replica} stands, at the end when it did not stand yet. */
  int place(ReplicaId replica) {
    return places.computeIfAbsent(
        replica,
        unlisted -> {
          bits.add(unlisted.bits());
          return bits.size() - 1;
        });
  }

  List<Long> bits() {
    return bits;
  }

  /** Each dot as two numbers: place of its replica, counter. */
  List<Long> pairs(SortedSet<Dot> dots) {
    List<Long> pairs = new ArrayList<>(2 * dots.size());
    for (Dot dot : dots) {
      pairs.add((long) place(dot.replica()));
      pairs.add(dot.counter());
    }
    return pairs;
  }

  static List<ReplicaId> read(List<Long> bits) throws CodecException {
    List<ReplicaId> table = new ArrayList<>(bits.size());
    Set<Long> known = new HashSet<>();
    for (long replica : bits) {
      ValueCodec.require(known.add(replica), "table that names a replica twice");
      table.add(new ReplicaId(replica));
    }
    return table;
  }

  static ReplicaId at(List<ReplicaId> table, long place) throws CodecException {
    ValueCodec.require(place >= 0 && place < table.size(), "dot of an unlisted replica");
    return table.get((int) place);
  }

  static SortedSet<Dot> dots(List<ReplicaId> table, List<Long> pairs, int countMax)
      throws CodecException {
    ValueCodec.require(pairs.size() % 2 == 0, "dot without a counter");
    ValueCodec.require(pairs.size() / 2 <= countMax, "more than " + countMax + " dots");
    TreeSet<Dot> dots = new TreeSet<>();
    for (int index = 0; index < pairs.size(); index += 2) {
      Dot dot = new Dot(at(table, pairs.get(index)), pairs.get(index + 1));
      ValueCodec.require(dots.add(dot), "dot " + dot + " twice");
    }
    return dots;
  }
}
