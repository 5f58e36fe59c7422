package dev.replicator.block;

import dev.replicator.port.CommandFollower;
import dev.replicator.port.CommandRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * One machine with DRBD 8.4 and OCFS2, as far as the driver asks: it answers the tools' commands in
 * their words. {@link FakeCluster} joins two of them.
 */
final class FakeMachine implements CommandRunner, CommandFollower, ConfigurationFiles, Memory {
  private static final Result DONE = new Result(0, "", "");
  private static final String REGION = "heartbeat/A12D0613B6A740EF9BA5036CAA80B097/dev";

  final String name;
  private final FakeCluster cluster;
  final List<String> ran = new ArrayList<>();

  /** Who is told of events of DRBD. */
  final List<Consumer<String>> followers = new CopyOnWriteArrayList<>();

  final TreeMap<String, String> files = new TreeMap<>();
  final TreeMap<String, String> timeouts = new TreeMap<>();
  final TreeSet<String> hanging = new TreeSet<>();
  final TreeSet<String> missing = new TreeSet<>();
  final TreeSet<String> lying = new TreeSet<>();

  /** What a tool that fails says, by the beginning of its command. */
  final TreeMap<String, String> failing = new TreeMap<>();

  boolean module;
  boolean metadata;
  boolean up;
  boolean wantsPeer;
  boolean connected;
  boolean discards;
  boolean plugin;
  boolean configfs;
  boolean dlmfs;
  boolean registered;
  boolean mounted;
  boolean busy;

  /** How often somebody still looks what is on the device when it is to become secondary. */
  int looksWithin;

  Past past = Past.UNKNOWN;
  Role role = Role.SECONDARY;
  DiskState disk = DiskState.INCONSISTENT;
  Replication replication = Replication.OFF;
  String diskContent = "";
  String diskUser = "";
  String fileSystem = "";
  final StringBuilder log = new StringBuilder();

  /** The options that the kernel has. */
  String shown = FakeCluster.SHOWN;

  long current = 4;
  long bitmap;

  FakeMachine(String name, FakeCluster cluster) {
    this.name = name;
    this.cluster = cluster;
    timeouts.put("heartbeat/dead_threshold", "31");
    timeouts.put("idle_timeout_ms", "30000");
  }

  private FakeMachine peer() {
    return cluster.peer(this);
  }

  @Override
  public Result run(List<String> arguments, Duration deadline) throws IOException {
    synchronized (cluster) {
      return answer(arguments, deadline);
    }
  }

  private Result answer(List<String> arguments, Duration deadline) throws IOException {
    String command =
        String.join(" ", arguments)
            .replaceFirst("^/(usr/)?s?bin/", "")
            .replaceFirst("/usr/bin/", "");
    if (hanging.stream().anyMatch(command::startsWith)) {
      throw new IOException(arguments.getFirst() + " did not end within " + deadline);
    }
    if (lying.stream().anyMatch(command::startsWith)) {
      return DONE;
    }
    for (Map.Entry<String, String> fault : failing.entrySet()) {
      if (command.startsWith(fault.getKey())) {
        return new Result(1, "", fault.getValue());
      }
    }
    Optional<Result> look = look(command);
    if (look.isPresent()) {
      return look.get();
    }
    ran.add(command);
    Result result = act(command);
    cluster.settle();
    return result;
  }

  /** Follows only events; a hanging drbdsetup is a missing one. */
  @Override
  public Following follow(List<String> arguments, Consumer<String> lines) throws IOException {
    if (hanging.contains("drbdsetup")) {
      throw new IOException("no such program: " + arguments.getFirst());
    }
    followers.add(lines);
    return new Following() {
      @Override
      public boolean isAlive() {
        return followers.contains(lines);
      }

      @Override
      public void close() {
        followers.remove(lines);
      }
    };
  }

  private Optional<Result> look(String command) {
    return Optional.ofNullable(
        switch (command) {
          case "cat /proc/drbd" -> module ? out(proc()) : absent(command);
          case "cat /proc/mounts" -> out(mounts());
          case "cat /sys/fs/ocfs2/loaded_cluster_plugins" ->
              plugin ? out("o2cb\n") : absent(command);
          case "drbdsetup events2 --now --statistics" -> out(events());
          case "drbdadm dump-xml" -> out(FakeCluster.DUMP);
          case "drbdadm dstate r0" ->
              metadata ? out(disk.text() + "\n") : new Result(1, "", "No valid meta data found\n");
          case "drbdadm get-gi r0" -> out(generation());
          case "dmesg" -> out(log.toString());
          case "drbdsetup show r0" -> out(shown);
          case "blkid -p /dev/vda" -> blkid("/dev/vda", diskContent);
          case "blkid -p /dev/drbd0" -> blkid("/dev/drbd0", fileSystem);
          case "lsblk --raw --noheadings --output NAME,TYPE,MOUNTPOINT /dev/vda" ->
              out("vda disk " + diskUser + "\n");
          case "grep -r . /sys/kernel/config/cluster/fsync" ->
              registered ? out(configfs()) : new Result(2, "", "grep: No such file\n");
          default -> null;
        });
  }

  private static Result out(String text) {
    return new Result(0, text, "");
  }

  private static Result absent(String command) {
    return new Result(1, "", command + ": No such file or directory\n");
  }

  private static Result blkid(String device, String type) {
    return type.isEmpty()
        ? new Result(2, "", "")
        : out(device + ": LABEL=\"fsync\" TYPE=\"" + type + "\"\n");
  }

  private static Result kernel(int exitCode, int code) {
    return new Result(exitCode, "", "0: State change failed: (" + code + ") text\n");
  }

  private Result act(String command) {
    switch (command) {
      case "modprobe -- drbd" -> module = true;
      case "modprobe -- ocfs2_stack_o2cb" -> plugin = true;
      case "mount --mkdir -t configfs configfs /sys/kernel/config" -> configfs = true;
      case "mount --mkdir -t ocfs2_dlmfs ocfs2_dlmfs /dlm" -> dlmfs = true;
      case "wipefs --all /dev/vda" -> diskContent = "";
      case "drbdadm create-md r0" -> metadata = true;
      case "drbdadm adjust r0", "drbdadm connect r0" -> {
        up = true;
        wantsPeer = true;
        discards = false;
        log.append("drbd r0: Starting receiver thread (from drbd_w_r0 [1])\n");
      }
      case "drbdadm connect --discard-my-data r0" -> {
        if (role == Role.PRIMARY) {
          return kernel(10, 123);
        }
        wantsPeer = true;
        discards = true;
        log.append("drbd r0: Starting receiver thread (from drbd_w_r0 [1])\n");
      }
      case "drbdadm disconnect r0" -> cluster.part(this);
      case "drbdadm secondary r0" -> {
        if (mounted || looksWithin > 0) {
          looksWithin--;
          return kernel(11, -12);
        }
        role = Role.SECONDARY;
      }
      case "drbdadm primary r0" -> {
        if (disk != DiskState.UP_TO_DATE) {
          return kernel(17, -2);
        }
        if (cluster.refusals > 0) {
          cluster.refusals--;
          return kernel(11, -10);
        }
        role = Role.PRIMARY;
      }
      case "drbdadm primary --force r0" -> cluster.beginFirstSync(this);
      case "drbdadm verify r0" -> cluster.verify(this);
      case "drbdsetup down r0" -> {
        cluster.part(this);
        up = false;
      }
      case "o2cb register-cluster fsync" -> registered = true;
      case "o2cb unregister-cluster fsync" -> registered = false;
      case "mount -t ocfs2 -o noatime /dev/drbd0 /mnt/ocfs2" -> mounted = true;
      case "umount /mnt/ocfs2" -> {
        if (busy) {
          return new Result(32, "", "umount: /mnt/ocfs2: target is busy.\n");
        }
        mounted = false;
      }
      default -> {
        if (!command.startsWith("mkfs.ocfs2 -b 4K") || !fileSystem.isEmpty()) {
          return new Result(1, "", "unknown to the fake: " + command);
        }
        fileSystem = "ocfs2";
        peer().fileSystem = "ocfs2";
      }
    }
    return DONE;
  }

  private String proc() {
    String head = "version: 8.4.11 (api:1/proto:86-101)\nsrcversion: F73C670A7EC572DB9CF3E5B \n";
    if (!up || !replication.text().startsWith("Sync")) {
      return head;
    }
    return head
        + " 0: cs:"
        + replication.text()
        + " ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----\n"
        + "    ns:0 nr:0 oos:"
        + cluster.outOfSyncKib
        + "\n\t[=>..................] sync'ed: 12.5% ("
        + cluster.outOfSyncKib
        + "/131032)K\n\tfinish: 0:00:57 speed: 2,008 (1,952) K/sec\n";
  }

  private String events() {
    if (!up) {
      return "exists -\n";
    }
    FakeMachine peer = peer();
    String link =
        connected
            ? Connection.CONNECTED.text()
            : (wantsPeer ? Connection.CONNECTING : Connection.STAND_ALONE).text();
    return "exists resource name:r0 role:"
        + role.text()
        + " suspended:no write-ordering:flush\nexists connection name:r0 peer-node-id:0 connection:"
        + link
        + " role:"
        + (connected ? peer.role : Role.UNKNOWN).text()
        + " congested:no\nexists device name:r0 volume:0 minor:0 disk:"
        + disk.text()
        + " size:131032\nexists peer-device name:r0 peer-node-id:0 volume:0 replication:"
        + replication.text()
        + " peer-disk:"
        + (connected ? peer.disk : DiskState.UNKNOWN).text()
        + " resync-suspended:no out-of-sync:"
        + cluster.outOfSyncKib
        + "\nexists -\n";
  }

  private String generation() {
    return "%016X:%016X:0000000000000000:0000000000000000:1:1:1:1:0:0:0%n"
        .formatted(current, bitmap);
  }

  private String mounts() {
    return "/dev/sda1 / ext4 rw 0 0\n"
        + (configfs ? "configfs /sys/kernel/config configfs rw,relatime 0 0\n" : "")
        + (dlmfs ? "ocfs2_dlmfs /dlm ocfs2_dlmfs rw,relatime 0 0\n" : "")
        + (mounted ? "/dev/drbd0 /mnt/ocfs2 ocfs2 rw,noatime 0 0\n" : "");
  }

  private String configfs() {
    TreeMap<String, String> values = new TreeMap<>(Sights.cluster(name, false).values());
    values.putAll(timeouts);
    if (mounted) {
      values.put(REGION, "drbd0");
    }
    StringBuilder text = new StringBuilder();
    values.forEach((path, value) ->
        text.append("/sys/kernel/config/cluster/fsync/" + path + ":" + value + "\n"));
    return text.toString();
  }

  @Override
  public Secret secret(String path) {
    return Configs.SECRET;
  }

  @Override
  public Optional<String> read(String path) {
    return Optional.ofNullable(files.get(path));
  }

  @Override
  public boolean executable(String path) {
    return !missing.contains(path);
  }

  @Override
  public void write(RenderedFile file) {
    files.put(file.path(), file.text());
  }

  @Override
  public void set(String path, String value) {
    timeouts.put(path.replace("/sys/kernel/config/cluster/fsync/", ""), value);
  }

  @Override
  public Past past() {
    return past;
  }

  @Override
  public void remember(Past now) {
    past = now;
  }

  /** What it ran of the commands that lose data. */
  List<String> lost() {
    Set<String> words = Set.of("--discard-my-data", "--force create-md", "wipefs", "-x");
    return ran.stream().filter(one -> words.stream().anyMatch(one::contains)).toList();
  }
}
