package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.host.ProcessRunner;
import dev.replicator.port.CommandRunner;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Debian's own tools read what we render. They run in a host name and network of their own (as
 * root), where web1 has its address; no module of the kernel is needed.
 */
final class RealToolsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final String UNSHARE = "/usr/bin/unshare";
  private static final long DISK_BYTES = 128L * 1_024 * 1_024;

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @EnumSource
  void dumpXmlReadsWhatWasMeant(Generation generation) throws Exception {
    requires("/usr/sbin/drbdadm");
    for (Fencing fencing : List.of(Configs.FENCED, Configs.ARBITRATED, new Fencing.Off(true))) {
      BlockConfig config = Configs.with(fencing);
      CommandRunner.Result dump = drbdadm(generation, config, "dump-xml");
      assertEquals(0, dump.exitCode(), dump.errors());
      assertEquals(
          List.of(),
          Meaning.of(config, generation).differences(Meaning.parse(dump.output(), "r0")));
    }
  }

  @Test
  void adjustWouldGiveTheKernelOfEightEveryOption() throws Exception {
    requires("/usr/sbin/drbdadm");
    String commands = drbdadm(Generation.EIGHT, Configs.lab(), "-d", "adjust", "r0").output();
    assertTrue(commands.contains("drbdsetup-84 new-resource r0"), commands);
    for (String option :
        List.of(
            "--protocol=C",
            "--allow-two-primaries=yes",
            "--after-sb-0pri=discard-zero-changes",
            "--after-sb-1pri=disconnect",
            "--after-sb-2pri=disconnect",
            "--ping-int=10",
            "--ko-count=3",
            "--verify-alg=sha1",
            "--shared-secret=FooFunFactory",
            "--fencing=resource-and-stonith",
            "--resync-rate=8192K")) {
      assertTrue(commands.contains(option), option + " in " + commands);
    }
  }

  @Test
  void adjustWouldGiveTheKernelOfNineItsOwnCommands() throws Exception {
    requires("/usr/sbin/drbdadm");
    String commands = drbdadm(Generation.NINE, Configs.lab(), "-d", "adjust", "r0").output();
    assertTrue(commands.contains("drbdsetup new-peer r0 1"), commands);
    assertTrue(commands.contains("--fencing=resource-and-stonith"), commands);
    assertTrue(commands.contains("drbdmeta 0 v09 /dev/vda internal apply-al"), commands);
  }

  @Test
  void o2cbReadsTheCluster() throws Exception {
    requires("/usr/sbin/o2cb");
    CommandRunner.Result listed =
        run(
            "/usr/sbin/o2cb",
            "--config-file=" + write(Generation.EIGHT, Configs.lab(), "cluster.conf"),
            "list-cluster",
            "--oneline",
            "fsync");
    assertEquals(
        """
        node: 1 web1 10.66.0.1:7777 fsync
        node: 2 web2 10.66.0.2:7777 fsync
        cluster: 2 local fsync
        """,
        listed.output());
  }

  @Test
  void makesAFileSystemThatBlkidKnows() throws Exception {
    requires("/usr/sbin/mkfs.ocfs2");
    // The child that could not start it goes on as a second mkfs, over the same file.
    requires("/usr/sbin/modprobe");
    Path image = directory.resolve("fs.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    List<String> words =
        new ArrayList<>(
            new Commands(Configs.lab(), "web1").of(new Step.MakeFileSystem(false)).orElseThrow());
    words.set(words.size() - 1, image.toString());
    CommandRunner.Result made = new ProcessRunner().run(words, DEADLINE);
    assertEquals(0, made.exitCode(), made.errors());
    CommandRunner.Result found = run("/usr/sbin/blkid", "-p", image.toString());
    assertEquals(new Content.Ocfs2("fsync"), Content.parse(found.exitCode(), found.output()));
    // Without -x nobody says yes to what is there already.
    assertTrue(new ProcessRunner().run(words, DEADLINE).exitCode() != 0);
  }

  @Test
  void createsMetadataOnABlankDiskAndKnowsItAgain() throws Exception {
    requires("/usr/sbin/drbdmeta");
    Path image = directory.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    CommandRunner.Result loop = run("/usr/sbin/losetup", "--find", "--show", image.toString());
    assumeTrue(loop.exitCode() == 0, "skipped: no loop device: " + loop.errors());
    String disk = loop.output().strip();
    try {
      createsMetadata(disk);
    } finally {
      run("/usr/sbin/losetup", "--detach", disk);
    }
  }

  private static void createsMetadata(String disk) throws Exception {
    CommandRunner.Result none = meta(disk, "dstate");
    assertEquals(
        Optional.of(Refusal.NO_METADATA),
        Refusal.of(none.exitCode(), none.output(), none.errors()));
    assertEquals(0, meta(disk, "create-md").exitCode());
    assertTrue(GenerationIds.parse(meta(disk, "get-gi").output()).justCreated());
    CommandRunner.Result again = meta(disk, "create-md");
    assertEquals(
        Optional.of(Refusal.CANCELLED),
        Refusal.of(again.exitCode(), again.output(), again.errors()));
  }

  private static CommandRunner.Result meta(String disk, String command) throws Exception {
    return run("/usr/sbin/drbdmeta", "0", "v08", disk, "internal", command);
  }

  private CommandRunner.Result drbdadm(Generation generation, BlockConfig config, String... words)
      throws Exception {
    assumeTrue(
        run(UNSHARE, "--net", "--uts", "/usr/bin/true").exitCode() == 0,
        "skipped: a host name of its own needs root");
    String version = generation == Generation.EIGHT ? "8.4.11" : "9.1.23";
    // What the namespaces need is fixed text; the words come as arguments.
    List<String> command =
        new ArrayList<>(
            List.of(
                UNSHARE,
                "--net",
                "--uts",
                "/bin/sh",
                "-c",
                "hostname web1 && ip link set lo up && ip addr add 10.66.0.1/24 dev lo"
                    + " && exec env DRBD_DRIVER_VERSION_OVERRIDE=\"$0\" /usr/sbin/drbdadm \"$@\"",
                version,
                "-c",
                write(generation, config, "r0.res").toString()));
    command.addAll(List.of(words));
    return new ProcessRunner().run(command, DEADLINE);
  }

  private Path write(Generation generation, BlockConfig config, String name) throws Exception {
    Path file = directory.resolve(name);
    for (RenderedFile rendered : Rendering.files(config, Configs.SECRET, generation)) {
      if (rendered.path().endsWith(name)) {
        Files.writeString(file, rendered.text());
      }
    }
    return file;
  }

  private static CommandRunner.Result run(String... words) throws Exception {
    return new ProcessRunner().run(List.of(words), DEADLINE);
  }

  private static void requires(String tool) {
    assumeTrue(
        Files.isExecutable(Path.of(tool)),
        "skipped: " + tool + " is missing; apt-get install drbd-utils ocfs2-tools kmod");
  }
}
