package dev.replicator.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Records as they come about: several replicas write, supersede what they know, and merge. */
final class Histories {
  private static final Principal OWNER = new Principal("web", 33);
  private static final int CONTENTS = 4;

  private final SplittableRandom random;
  private final List<Record> replicas = new ArrayList<>();
  private final long[] counters;

  Histories(long seed, int size) {
    random = new SplittableRandom(seed);
    counters = new long[size];
    for (int replica = 0; replica < size; replica++) {
      replicas.add(Record.unknown(VersionVector.EMPTY));
    }
  }

  List<Record> replicas() {
    return List.copyOf(replicas);
  }

  SplittableRandom random() {
    return random;
  }

  Histories run(int steps) {
    for (int step = 0; step < steps; step++) {
      int replica = random.nextInt(counters.length);
      if (random.nextInt(3) == 0) {
        int other = random.nextInt(counters.length);
        replicas.set(replica, replicas.get(replica).merge(replicas.get(other)));
      } else {
        replicas.set(replica, write(replica, replicas.get(replica)));
      }
    }
    return this;
  }

  private Record write(int replica, Record before) {
    counters[replica]++;
    Dot dot = new Dot(new ReplicaId(replica), counters[replica]);
    boolean adopted = random.nextInt(5) == 0;
    Siblings<Entry> contents = before.contents();
    Siblings<Instant> mtimes = before.mtimes();
    Siblings<Attributes> attributes = before.attributes();
    int part = random.nextInt(3);
    if (part == 0) {
      contents = next(contents, dot, entry(), adopted);
    } else if (part == 1) {
      mtimes = next(mtimes, dot, Instant.ofEpochSecond(random.nextInt(9)), adopted);
    } else {
      EntryType type = random.nextBoolean() ? EntryType.FILE : EntryType.DIRECTORY;
      int mode = random.nextInt(0777);
      attributes = next(attributes, dot, new Attributes(type, mode, OWNER, OWNER), adopted);
    }
    return new Record(before.context().with(dot), contents, mtimes, attributes);
  }

  private <T> Siblings<T> next(Siblings<T> before, Dot dot, T value, boolean adopted) {
    TreeSet<Dot> superseded = new TreeSet<>();
    TreeSet<Dot> seen = new TreeSet<>();
    for (Dot known : before.dots()) {
      int dice = adopted ? 2 : random.nextInt(3);
      if (dice == 0) {
        superseded.add(known);
      } else if (dice == 1) {
        seen.add(known);
      }
    }
    int preference = random.nextInt(3);
    Element<T> element = new Element<>(dot, value, random.nextInt(20), preference, adopted, seen);
    return before.without(superseded).with(element);
  }

  private Entry entry() {
    return switch (random.nextInt(CONTENTS)) {
      case 0 -> Entry.ABSENT;
      case 1 -> Entry.DIRECTORY;
      case 2 -> new Entry.Symlink(Bytes.copyOf(new byte[] {'a'}));
      default -> file(random.nextInt(CONTENTS));
    };
  }

  static Entry.File file(int content) {
    byte[] digest = new byte[Digest.LENGTH_BYTES];
    digest[0] = (byte) content;
    return new Entry.File(Digest.of(digest), content);
  }
}
