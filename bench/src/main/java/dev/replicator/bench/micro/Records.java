package dev.replicator.bench.micro;

import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Principal;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records of files as they stand in journals: of media, written by some of three nodes. */
final class Records {
  private static final long CLOCK = 1_764_230_400_000L << 16;
  private static final Principal OWNER = new Principal("www-data", 33);
  private static final Attributes ATTRIBUTES = new Attributes(EntryType.FILE, 0644, OWNER, OWNER);

  private Records() {}

  static RelativePath path(int number) {
    return RelativePath.of("uploads/2026/11/" + Trial.name(number));
  }

  /**
   * A file that {@code siblings} nodes have written without knowing of each other, each as its
   * {@code counter}th write.
   */
  static Record written(int siblings, long counter) {
    List<Element<Entry>> contents = new ArrayList<>();
    List<Element<Instant>> mtimes = new ArrayList<>();
    List<Element<Attributes>> attributes = new ArrayList<>();
    VersionVector context = VersionVector.EMPTY;
    for (int node = 1; node <= siblings; node++) {
      Dot dot = dot(node, counter);
      long clock = CLOCK + counter;
      context = context.with(dot);
      contents.add(Element.written(dot, file(node, counter), clock, List.of()));
      mtimes.add(Element.written(dot, Instant.ofEpochMilli(clock >> 16), clock, List.of()));
      attributes.add(Element.written(dot, ATTRIBUTES, clock, List.of()));
    }
    return new Record(context, Siblings.of(contents), Siblings.of(mtimes), Siblings.of(attributes));
  }

  private static Dot dot(int node, long counter) {
    return new Dot(new ReplicaId(0x9e3779b97f4a7c15L * node), counter);
  }

  private static Entry file(int node, long counter) {
    byte[] digest = new byte[Digest.LENGTH_BYTES];
    digest[0] = (byte) node;
    digest[1] = (byte) counter;
    return new Entry.File(Digest.of(digest), 64 * 1_024);
  }
}
