package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.cli.cluster.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd says of the unit. */
class UnitTest {
  /** Of 100; higher is worse. What this layer cannot do without costs 27. */
  private static final int EXPOSURE_MAX = 30;

  @TempDir Path home;

  private Path unit() throws IOException {
    assumeTrue(
        Program.succeeds(home, "command -v systemd-analyze"), "systemd-analyze is not installed");
    return Unit.read().installedAt(Unit.checkout().toString()).writeInto(home);
  }

  @Test
  void isAcceptedWithoutAWord() throws IOException {
    Ended verified = Program.run(List.of("systemd-analyze", "verify", unit().toString()));

    assertEquals(new Ended(0, "", ""), verified);
  }

  /** With what roots of DRBD need: the drop-in of the daemon, and the unit of the shutdown. */
  @Test
  void isAcceptedForRootsOfDrbdToo() throws IOException {
    unit();
    Unit.named("block.conf").writeInto(Files.createDirectory(home.resolve(Unit.NAME + ".d")));
    Path block =
        Unit.named("replicator-block@.service")
            .installedAt(Unit.checkout().toString())
            .writeInto(home);
    Path instance = block.resolveSibling("replicator-block@site.service");
    Files.createSymbolicLink(instance, block);

    for (Path each : List.of(home.resolve(Unit.NAME), instance)) {
      Ended verified = Program.run(List.of("systemd-analyze", "verify", each.toString()));
      assertEquals(new Ended(0, "", ""), verified);
    }
  }

  @Test
  void leavesLittleOpen() throws IOException {
    Ended judged =
        Program.run(
            List.of(
                "systemd-analyze",
                "security",
                "--offline=true",
                "--no-pager",
                "--threshold=" + EXPOSURE_MAX,
                unit().toString()));

    System.out.println(judged.out().strip().lines().toList().getLast());
    assertEquals(0, judged.code(), judged::toString);
  }

  @Test
  void forbidsNothingThatTheDaemonLivesBy() throws IOException {
    Unit unit = Unit.read();

    assertEquals("notify", unit.value("Type"));
    assertTrue(Integer.parseInt(unit.value("WatchdogSec")) > 0);
    assertTrue(
        unit.lines().stream()
            .noneMatch(line ->
                line.matches(
                    "(MemoryDenyWriteExecute|RestrictSUIDSGID|PrivateUsers)=.*"
                        + "|SystemCallFilter=~.*")));
    assertEquals(1, unit.lines().stream().filter(l -> l.startsWith("ReadWritePaths=")).count());
  }
}
