package dev.replicator.block;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Observations, one by one or drawn from all that could be. */
final class Sights {
  static final GenerationIds NEW = new GenerationIds(4, 0, List.of());
  static final GenerationIds USED = new GenerationIds(0x72C317DAFE34CBF8L, 0, List.of());

  private Sights() {}

  /** DRBD as it is, with all the rest as it should be, mounted. */
  static Observation of(Drbd drbd, GenerationIds generation, KernelLog.Cause cause) {
    return new Observation(
        Seen.known(new Observation.Module.Loaded("8.4.11", Generation.EIGHT)),
        Seen.known(new Observation.Files(List.of(), List.of(), List.of())),
        Seen.known(Optional.of(drbd)),
        Optional.empty(),
        new Seen.Skipped<>(),
        Seen.known(generation),
        cause,
        Seen.known(new Observation.Stack(true, true, true, Optional.of(cluster("web1", true)))),
        Seen.known(new Content.Ocfs2("fsync")),
        Seen.known(new Observation.Mounted.Here(true)),
        Past.SERVED,
        "",
        List.of());
  }

  static ClusterTree cluster(String local, boolean beating) {
    Map<String, String> values = new TreeMap<>();
    for (BlockNode node : Configs.nodes()) {
      String below = "node/" + node.name() + "/";
      values.put(below + "num", Integer.toString(node.number()));
      values.put(below + "ipv4_address", node.cluster().address());
      values.put(below + "ipv4_port", Integer.toString(node.cluster().port()));
      values.put(below + "local", node.name().equals(local) ? "1" : "0");
    }
    values.put("heartbeat/dead_threshold", "31");
    values.put("idle_timeout_ms", "30000");
    if (beating) {
      values.put("heartbeat/A12D0613B6A740EF9BA5036CAA80B097/dev", "drbd0");
    }
    return new ClusterTree(values);
  }

  static Drbd healthy() {
    return new Drbd(
        Role.PRIMARY,
        false,
        DiskState.UP_TO_DATE,
        Connection.CONNECTED,
        Role.PRIMARY,
        Replication.ESTABLISHED,
        DiskState.UP_TO_DATE,
        OptionalLong.of(0));
  }

  /** Anything, also what no machine would show. */
  static Observation any(SplittableRandom random) {
    return random.nextBoolean() ? nearlyHealthy(random) : wild(random);
  }

  /** DRBD in step; anything of OCFS2. */
  private static Observation nearlyHealthy(SplittableRandom random) {
    Drbd drbd = random.nextInt(5) == 0 ? healthy().withRole(Role.SECONDARY) : healthy();
    Role peer = pick(random, Role.PRIMARY, Role.SECONDARY);
    Connection link = random.nextInt(5) == 0 ? Connection.CONNECTING : Connection.CONNECTED;
    Observation well =
        of(
            drbd.withLink(link, peer, Replication.ESTABLISHED, DiskState.UP_TO_DATE),
            USED,
            KernelLog.Cause.NONE);
    Map<String, String> values =
        new TreeMap<>(cluster(pick(random, "web1", "web2", "x"), random.nextBoolean()).values());
    if (random.nextInt(4) == 0) {
      values.put(pick(random, "idle_timeout_ms", "node/web1/num"), "9");
    }
    return new Observation(
        well.module(),
        well.files(),
        well.drbd(),
        well.progress(),
        well.backing(),
        well.generation(),
        well.cause(),
        Seen.known(
            new Observation.Stack(
                random.nextInt(8) > 0,
                random.nextInt(8) > 0,
                random.nextInt(8) > 0,
                random.nextInt(5) == 0 ? Optional.empty() : Optional.of(new ClusterTree(values)))),
        Seen.known(content(random)),
        Seen.known(mounted(random)),
        pick(random, Past.values()),
        "",
        random.nextInt(8) == 0 ? List.of("disk fencing: a is meant, the kernel has b") : List.of());
  }

  private static Observation wild(SplittableRandom random) {
    return new Observation(
        seen(
            random,
            random.nextInt(6) == 0
                ? new Observation.Module.Absent()
                : new Observation.Module.Loaded(
                    "v", random.nextInt(12) == 0 ? Generation.NINE : Generation.EIGHT)),
        seen(
            random,
            new Observation.Files(
                some(random, Rendering.COMMON_PATH, Rendering.CLUSTER_PATH),
                random.nextInt(5) == 0 ? List.of(Rendering.CLUSTER_PATH) : List.of(),
                random.nextInt(12) == 0 ? List.of("net a: b was meant") : List.of())),
        seen(random, random.nextInt(4) == 0 ? Optional.empty() : Optional.of(drbd(random))),
        Optional.empty(),
        seen(
            random,
            new Observation.Backing(
                random.nextInt(8) > 0,
                random.nextBoolean(),
                content(random),
                random.nextInt(6) == 0 ? List.of("mounted at /a") : List.of())),
        seen(random, random.nextBoolean() ? NEW : USED),
        pick(random, KernelLog.Cause.values()),
        seen(
            random,
            new Observation.Stack(
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(3) == 0
                    ? Optional.empty()
                    : Optional.of(
                        cluster(random.nextInt(5) == 0 ? "x" : "web1", random.nextBoolean())))),
        seen(random, content(random)),
        seen(random, mounted(random)),
        pick(random, Past.values()),
        pick(random, "", "[1.0] block drbd0: Online verify done "),
        random.nextInt(8) == 0 ? List.of("disk fencing: a is meant, the kernel has b") : List.of());
  }

  static Drbd drbd(SplittableRandom random) {
    return new Drbd(
        pick(random, Role.PRIMARY, Role.SECONDARY),
        random.nextInt(10) == 0,
        pick(random, DiskState.values()),
        random.nextBoolean() ? Connection.CONNECTED : pick(random, Connection.values()),
        pick(random, Role.values()),
        random.nextBoolean() ? Replication.ESTABLISHED : pick(random, Replication.values()),
        pick(random, DiskState.values()),
        random.nextInt(5) == 0 ? OptionalLong.of(12) : OptionalLong.of(0));
  }

  private static Content content(SplittableRandom random) {
    return pick(
        random,
        new Content.Blank(),
        new Content.Ocfs2("fsync"),
        new Content.Ocfs2("other"),
        new Content.DrbdMetadata(),
        new Content.Other("ext4"));
  }

  private static Observation.Mounted mounted(SplittableRandom random) {
    return pick(
        random,
        new Observation.Mounted.Nowhere(),
        new Observation.Mounted.Here(random.nextInt(6) > 0),
        new Observation.Mounted.Elsewhere("/other"),
        new Observation.Mounted.Covered("/dev/sda1"));
  }

  private static List<String> some(SplittableRandom random, String... items) {
    return List.of(items).stream().filter(_ -> random.nextInt(4) == 0).toList();
  }

  private static <T> Seen<T> seen(SplittableRandom random, T value) {
    return switch (random.nextInt(20)) {
      case 0 -> new Seen.Failed<>("did not end within 10 s");
      case 1 -> new Seen.Skipped<>();
      default -> Seen.known(value);
    };
  }

  @SafeVarargs
  private static <T> T pick(SplittableRandom random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
