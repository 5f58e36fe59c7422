package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Something is mounted in a root: it is another tree, and who asks is told. */
class MountPointTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path home;
  private final List<Path> mounted = new ArrayList<>();
  private TestNode a;
  private TestNode b;

  @BeforeEach
  void make() throws IOException {
    a = TestNode.init(home, "a");
    b = TestNode.init(home, "b");
  }

  @AfterEach
  void stop() throws IOException {
    a.close();
    b.close();
    for (Path path : List.copyOf(mounted)) {
      unmount(path);
    }
  }

  private void mount(Path at) throws IOException {
    assumeTrue(
        Program.succeeds(home, "mount -t tmpfs -o size=1M none '" + at + "'"),
        "mounting needs root");
    mounted.add(at);
  }

  private void unmount(Path at) throws IOException {
    Program.shell(home, "umount '" + at + "'");
    mounted.remove(at);
  }

  private void start() throws IOException {
    a.start();
    Cluster.join(a, b);
    b.start();
    a.awaitLive(1);
    b.awaitLive(1);
  }

  @Test
  void takesNothingThatIsMountedForItsOwnAndSaysSo() throws Exception {
    Path directory = Files.createDirectory(a.path("mounted"));
    mount(directory);
    Files.writeString(directory.resolve("file"), "theirs");
    start();

    Files.writeString(directory.resolve("later"), "theirs");
    Files.writeString(a.path("beside"), "ours");
    a.succeed("resync");
    a.awaitShownBy("all");

    assertTrue(Files.exists(b.path("beside")));
    assertFalse(Files.exists(b.path("mounted")));
    assertEquals("mount point, not replicated", a.explain("mounted").disk());
    String below = a.explain("mounted/file").disk();
    assertTrue(below.contains("beyond a mount point"), below);
    assertEquals(0, a.rootStatus().pending(), a::describe);
    String note = "1 mount point or subvolume is not replicated, nor what is below: mounted";
    assertTrue(a.rootStatus().notes().contains(note), a::describe);
    assertFalse(b.rootStatus().notes().stream().anyMatch(it -> it.contains("mount")), b::describe);
  }

  @Test
  void deletesNothingThatAMountHidesAndGoesOnAfterwards() throws Exception {
    Path directory = Files.createDirectory(a.path("kept"));
    Files.writeString(directory.resolve("file"), "one");
    start();
    a.awaitShownBy("all");
    mount(directory);
    Files.writeString(directory.resolve("file"), "theirs");
    String compared = a.run("resync").out();
    assertTrue(compared.contains("2 still pending"), compared);

    Files.writeString(b.path("kept/file"), "two");

    Deadline.in(PATIENCE)
        .await(
            "the write waits for the mount point",
            () -> a.explain("kept/file").pending().orElse("").contains("beyond a mount point"),
            a::describe);
    assertEquals("two", Files.readString(b.path("kept/file")));
    assertEquals("theirs", Files.readString(directory.resolve("file")));
    String why = a.explain("kept").pending().orElse("nothing");
    assertTrue(why.contains("mount point"), why);
    unmount(directory);
    Deadline.in(PATIENCE)
        .await(
            "the write arrives below the mount point",
            () -> Files.readString(directory.resolve("file")).equals("two"),
            a::describe);
    assertEquals("two", Files.readString(b.path("kept/file")));
  }
}
