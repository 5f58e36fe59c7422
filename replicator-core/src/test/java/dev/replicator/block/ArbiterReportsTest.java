package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import dev.replicator.port.CommandRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node tells its arbiter, round by round. */
final class ArbiterReportsTest {
  private static final long GENERATION = 0x8C2D2A8F8C1E4A10L;
  private static final Map<String, NodeId> NODES =
      Map.of("web1", Nodes.of(1), "web2", Nodes.of(2), "web3", Nodes.of(3));

  private final List<FenceRequest> told = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();
  private FenceAnswer answer = new FenceAnswer(Verdict.NOTED, 0, "waits");
  private boolean module = true;
  private String flags = "1:1:1:1:0:0:0";
  private String connection = "Connected";
  private String replication = "Established";
  private String disk = "UpToDate";
  private String peerDisk = "UpToDate";
  private String suspended = "no";
  private String resource = "r0";

  private final ArbiterReports reports =
      new ArbiterReports(
          List.of(Configs.with(Configs.ARBITRATED)),
          "web1",
          name -> Optional.ofNullable(NODES.get(name)),
          (arbiter, request, _) -> {
            assertEquals(Nodes.of(3), arbiter);
            told.add(request);
            return answer;
          },
          (arguments, _) -> run(String.join(" ", arguments)));

  private CommandRunner.Result run(String command) throws IOException {
    ran.add(command);
    return switch (command) {
      case "/usr/bin/cat /proc/drbd" -> new CommandRunner.Result(module ? 0 : 1, "", "");
      case "/usr/sbin/drbdadm get-gi r0" ->
          new CommandRunner.Result(
              0,
              "8C2D2A8F8C1E4A11:0000000000000000:0000000000000000:0000000000000000:" + flags + "\n",
              "");
      case "/usr/sbin/drbdsetup events2 --now --statistics" ->
          new CommandRunner.Result(0, events(), "");
      default -> throw new IOException("no such program: " + command);
    };
  }

  private String events() {
    return """
    exists resource name:%s role:Primary suspended:%s
    exists connection name:r0 peer-node-id:0 conn-name:peer connection:%s role:Primary
    exists device name:r0 volume:0 minor:0 disk:%s
    exists peer-device name:r0 volume:0 replication:%s peer-disk:%s resync-suspended:no
    exists -
    """
        .formatted(resource, suspended, connection, disk, replication, peerDisk);
  }

  private FenceRequest round() throws InterruptedException {
    told.clear();
    reports.round();
    assertEquals(1, told.size());
    return told.getFirst();
  }

  private static FenceRequest together(long number) {
    return new FenceRequest.Together("r0", Nodes.of(2), GENERATION, number);
  }

  @Test
  void saysTogetherWithTheNumberItHeardBeforeItLooked() throws InterruptedException {
    assertEquals(together(0), round());
    answer = new FenceAnswer(Verdict.NOTED, 4, "this node goes on");
    assertEquals(together(0), round());
    assertEquals(together(4), round());
    answer = FenceAnswer.notAble("not connected");
    assertEquals(together(4), round());
    assertEquals(together(4), round());
    assertEquals(
        List.of(new ArbiterReports.Report("r0", "web3", false, "not connected")),
        reports.reports());
  }

  /** Read the other way round, the generation could be one at which the peer stayed behind. */
  @Test
  void readsTheGenerationBeforeTheState() throws InterruptedException {
    round();
    assertEquals(
        List.of(
            "/usr/bin/cat /proc/drbd",
            "/usr/sbin/drbdadm get-gi r0",
            "/usr/sbin/drbdsetup events2 --now --statistics"),
        ran);
  }

  @Test
  void keepsWhatItSawWhileTheLinkIsCut() throws InterruptedException {
    round();
    connection = "Connecting";
    replication = "Off";
    peerDisk = "DUnknown";
    suspended = "fencing";
    assertEquals(new FenceRequest.Look("r0", Nodes.of(2)), round());
    assertEquals(Optional.of(GENERATION), reports.together("r0"));
  }

  @Test
  void saysApartForADiskThatIsBehindAndForgetsWhatItSaw() throws InterruptedException {
    for (String behind : List.of("Outdated", "Inconsistent", "Diskless", "Failed")) {
      peerDisk = "UpToDate";
      assertEquals(together(0), round());
      peerDisk = behind;
      assertEquals(new FenceRequest.Apart("r0", Nodes.of(2)), round());
      assertEquals(Optional.empty(), reports.together("r0"));
      peerDisk = "UpToDate";
      round();
      disk = behind;
      assertEquals(new FenceRequest.Apart("r0", Nodes.of(2)), round());
      assertEquals(Optional.empty(), reports.together("r0"));
      disk = "UpToDate";
    }
  }

  /** Taken down in order it may be behind when it comes up, and not know it. */
  @Test
  void forgetsWhatItSawOnceTheResourceIsDown() throws InterruptedException {
    round();
    resource = "r1";
    assertEquals(new FenceRequest.Look("r0", Nodes.of(2)), round());
    assertEquals(Optional.empty(), reports.together("r0"));
  }

  @Test
  void saysNothingOfWhatIsNotWholeYet() throws InterruptedException {
    FenceRequest look = new FenceRequest.Look("r0", Nodes.of(2));
    suspended = "fencing";
    assertEquals(look, round());
    suspended = "no";
    replication = "VerifyS";
    assertEquals(look, round());
    replication = "Established";
    flags = "1:0:1:1:0:0:0";
    assertEquals(look, round());
    flags = "0:1:1:1:0:0:0";
    assertEquals(look, round());
    assertEquals(Optional.empty(), reports.together("r0"));
  }

  /** The tools would load it. */
  @Test
  void runsNoToolWithoutTheModule() throws InterruptedException {
    module = false;
    assertEquals(new FenceRequest.Look("r0", Nodes.of(2)), round());
    assertEquals(List.of("/usr/bin/cat /proc/drbd"), ran);
  }
}
