package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.Proofs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two daemons replicate a tree of everything, on every file system, in both directions: compared by
 * a program that reads raw bytes and shares no code with them.
 */
final class FidelityProof {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DIFFERENCES_SHOWN_MAX = 20;
  private static final String IMAGE_BYTES = "1G";

  /** What two nodes of a small tree need of the disk: a hole of 64 GiB written out is far more. */
  private static final long DISK_BYTES_MAX = 600L * 1024 * 1024;

  /**
   * What a daemon may have held in memory at any moment, which grows neither with a hole nor with a
   * file: less than when its heap and its buffers are full.
   */
  private static final long RESIDENT_KIB_MAX = 256 * 1024;

  private static final Pattern RESIDENT_PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  /** Of a file of 8 MiB in which one place changed: all but the chunks around it. */
  private static final long SHARED_BYTES_MIN = 7L * 1024 * 1024;

  private static final String SPECIAL = "special";
  private static final List<String> SPECIAL_FILES = List.of("fifo", "socket", "character", "block");

  /** Names of one file. */
  private static final long HARD_LINKED = 3;

  /** A directory that is made while both nodes look on. */
  private static final String LATER = "later";

  @TempDir private Path scratch;
  private final List<TestNode> nodes = new ArrayList<>();
  private boolean mounted;

  private Path mount() {
    return scratch.resolve("mount");
  }

  @BeforeEach
  void unpack() throws IOException {
    assumeTrue(Program.succeeds(scratch, "test \"$(id -u)\" = 0"), "mounting needs root");
    assumeTrue(Program.succeeds(scratch, "python3 -c ''"), "no python3 here");
    Files.createDirectory(mount());
    try (InputStream program = FidelityProof.class.getResourceAsStream("/fidelity/tree.py")) {
      Files.copy(Objects.requireNonNull(program), scratch.resolve("tree.py"));
    }
  }

  @AfterEach
  void unmount() throws IOException {
    nodes.forEach(TestNode::close);
    if (mounted) {
      // Its loop device goes with it.
      Program.shell(scratch, "umount mount");
    }
  }

  private void mount(String type) throws IOException {
    String script =
        type.equals("tmpfs")
            ? "mount -t tmpfs -o size=" + IMAGE_BYTES + " none mount"
            : "truncate -s "
                + IMAGE_BYTES
                + " image && mkfs."
                + type
                + " -q image && mount -o loop image mount";
    mounted = Program.succeeds(scratch, script);
    assumeTrue(mounted, "no " + type + " here");
  }

  private String tree(String verb, Path where, String... more) throws IOException {
    String words = String.join(" ", more);
    return Program.shell(scratch, "python3 tree.py " + verb + " '" + where + "' " + words);
  }

  /** What a node holds below a directory, as {@code verb} of the other program tells it. */
  private record Side(TestNode node, String verb, String below) {}

  private Side whole(TestNode node, String verb) {
    return new Side(node, verb, "");
  }

  private List<String> told(Side side) throws IOException {
    return tree(side.verb, side.node.path(side.below))
        .lines()
        .filter(line -> !line.startsWith(SPECIAL))
        .toList();
  }

  /** Returns once both are told alike; shows how they differ when they do not become so. */
  private void awaitEqual(Side from, Side to) throws IOException {
    from.node.awaitShownBy("all");
    Deadline deadline = Deadline.in(PATIENCE);
    List<String> differences = differences(from, to);
    while (!differences.isEmpty() && !deadline.isOver()) {
      Deadline.rest();
      differences = differences(from, to);
    }
    List<String> left = differences;
    assertTrue(
        left.isEmpty(),
        () ->
            left.stream().limit(DIFFERENCES_SHOWN_MAX).collect(Collectors.joining("\n"))
                + "\n"
                + from.node.describe()
                + to.node.describe());
  }

  private List<String> differences(Side from, Side to) throws IOException {
    Set<String> here = Set.copyOf(told(from));
    Set<String> there = Set.copyOf(told(to));
    List<String> differences = new ArrayList<>();
    here.stream()
        .filter(line -> !there.contains(line))
        .forEach(line -> differences.add("- " + line));
    there.stream()
        .filter(line -> !here.contains(line))
        .forEach(line -> differences.add("+ " + line));
    Collections.sort(differences);
    return differences;
  }

  private TestNode node(String name, boolean setId) throws IOException {
    TestNode node = TestNode.init(mount(), name);
    nodes.add(node);
    if (setId) {
      // The root is the last table of a new configuration.
      Files.writeString(node.config(), "allow_set_id = true\n", StandardOpenOption.APPEND);
    }
    return node;
  }

  /** The launcher sets the locale of a service: without it Java takes the user's. */
  private static void startUnder(String locale, TestNode node) throws IOException {
    node.startIn(Map.of("LC_ALL", locale));
    String environment = Files.readString(Path.of("/proc/" + node.pid() + "/environ"));
    assertTrue(List.of(environment.split("\0")).contains("LC_ALL=" + locale), environment);
  }

  @ParameterizedTest
  @CsvSource({"ext4,C,true", "xfs,C.UTF-8,false", "btrfs,C,false", "tmpfs,C.UTF-8,true"})
  void twoNodesHoldTheSameWhateverItIs(String type, String locale, boolean setId)
      throws IOException {
    mount(type);
    TestNode one = node("one", setId);
    TestNode two = node("two", setId);
    tree("make", one.root());
    List<String> made = told(whole(one, "tell"));
    // What a node made is its own; what it takes from the other it takes as far as it allows.
    String given = setId ? "tell" : "strip";

    startUnder(locale, one);
    Cluster.join(one, two);
    startUnder(locale, two);
    one.awaitLive(1);
    two.awaitLive(1);
    awaitEqual(whole(one, given), whole(two, "tell"));
    assertEquals(made, told(whole(one, "tell")), "a source is read and nothing else");
    assertEquals(HARD_LINKED, one.rootStatus().hardLinked(), one::describe);
    requireReported(one, "", two);

    change(one, 1);
    awaitEqual(whole(one, given), whole(two, "tell"));
    requireShared(type, two);

    tree("make", two.path(LATER));
    awaitEqual(new Side(two, given, LATER), new Side(one, "tell", LATER));
    requireReported(two, LATER + "/", one);
    change(two, 2);
    awaitEqual(whole(two, given), whole(one, given));

    long used = Long.parseLong(Program.shell(mount(), "df -B1 --output=used . | tail -1").strip());
    assertTrue(used < DISK_BYTES_MAX, () -> used + " bytes of disk are used");
    requireSmall(type, one);
    requireSmall(type, two);
  }

  private static void requireSmall(String type, TestNode node) throws IOException {
    Matcher found =
        RESIDENT_PEAK.matcher(Files.readString(Path.of("/proc/" + node.pid() + "/status")));
    assertTrue(found.find(), "the kernel tells no peak of memory");
    long peakKib = Long.parseLong(found.group(1));
    Proofs.tell(type + ": " + node.name() + " held " + peakKib / 1024 + " MiB of memory at most");
    assertTrue(peakKib < RESIDENT_KIB_MAX, () -> node.name() + " held " + peakKib + " KiB");
  }

  private void change(TestNode node, int number) throws IOException {
    tree("change", node.root(), String.valueOf(number));
    // A write through one name of a file is told of that name alone.
    node.awaitShownBy("all");
    node.succeed("resync");
  }

  /** Neither file nor directory nor link: it stays where it is, and who asks is told. */
  private void requireReported(TestNode here, String below, TestNode there) throws IOException {
    List<String> special =
        tree("tell", here.path(below)).lines().filter(line -> line.startsWith(SPECIAL)).toList();
    assertEquals(SPECIAL_FILES.size(), special.size(), special::toString);
    String taken = tree("tell", there.path(below));
    assertTrue(taken.lines().noneMatch(line -> line.startsWith(SPECIAL)), taken);
    for (String name : SPECIAL_FILES) {
      String disk = here.explain(below + name).disk();
      assertTrue(disk.endsWith("not replicated"), name + ": " + disk);
    }
    assertEquals(0, here.rootStatus().pending(), here::describe);
  }

  /** What did not change of a large file is not written again where a file system can share it. */
  private void requireShared(String type, TestNode node) throws IOException {
    if (type.equals("tmpfs")) {
      // It tells nothing of its blocks.
      return;
    }
    String shared =
        "filefrag -s -v -b1 large | awk -F: '/^ *[0-9]+:.*shared/ {sum += $4} END {print sum + 0}'";
    long bytes = Long.parseLong(Program.shell(node.root(), shared).strip());
    Proofs.tell(type + ": " + bytes + " bytes of a changed file of 8 MiB are shared");
    assertTrue(type.equals("ext4") ? bytes == 0 : bytes > SHARED_BYTES_MIN, bytes + " bytes");
  }
}
