package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockConfigTest {
  @Test
  void findsNothingWrongWithTheLab() {
    assertEquals(List.of(), Configs.lab().problems());
  }

  @Test
  void refusesTwoPrimariesWithoutFencingUnlessConfirmed() {
    List<String> problems = Configs.with(new Fencing.Off(false)).problems();
    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().contains("any loss of the link, even with nothing written"));
    assertEquals(List.of(), Configs.with(new Fencing.Off(true)).problems());
  }

  @Test
  void comparesTheDeadThresholdWithWhatDrbdAndTheHandlerMayTake() {
    BlockConfig short7 =
        Configs.with(Configs.nodes(), new Fencing.Off(true), Configs.fileSystem(7, 30_000));
    assertTrue(
        short7.problems().getFirst().startsWith("dead_threshold: DRBD may block writes for"));
    assertEquals(
        List.of(),
        Configs.with(Configs.nodes(), new Fencing.Off(true), Configs.fileSystem(14, 30_000))
            .problems());
    assertEquals(
        1,
        Configs.with(Configs.nodes(), Configs.FENCED, Configs.fileSystem(14, 30_000))
            .problems()
            .size());
  }

  @Test
  void comparesTheIdleTimeoutWithDrbdsDetection() {
    List<String> problems =
        Configs.with(Configs.nodes(), Configs.FENCED, Configs.fileSystem(31, 5_000)).problems();
    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().startsWith("idle_timeout:"));
  }

  @Test
  void tellsEverythingThatIsWrongBetweenNodesAtOnce() {
    BlockNode one = Configs.node("web1", 1);
    List<String> problems =
        Configs.with(
                List.of(one, one),
                new Fencing.Preferred(
                    "web9", new Fencing.Handler("/a", "/b", Duration.ofSeconds(300))),
                Configs.fileSystem(31, 30_000))
            .problems();
    assertEquals(6, problems.size(), problems.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"r0;", "r0 {", "all", "-r0", "../r0", "", "r0\n", "r\"0", "$(id)"})
  void refusesNamesThatCouldBeTakenForMore(String name) {
    assertThrows(IllegalArgumentException.class, () -> Syntax.resource(name));
    assertThrows(IllegalArgumentException.class, () -> Syntax.cluster(name + "_"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/../etc/passwd",
        "/dev/drbd1",
        "vda",
        "/dev/a b",
        "/dev/vda;",
        "/etc/x",
        "/dev/"
      })
  void refusesDisksThatAreNone(String disk) {
    assertThrows(IllegalArgumentException.class, () -> Syntax.disk(disk));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.66.0.300:7788",
        "10.66.0.1",
        "10.66.0:1",
        "web1:7788",
        "10.0.0.1:0",
        "1.2.3.4:99999"
      })
  void refusesAddressesThatDrbdWouldTake(String text) {
    assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8X", "0M", "8", "M", "99999999999G", "5G"})
  void refusesRatesThatAreNone(String rate) {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new DrbdTuning(
                Keyword.Algorithm.SHA1, Keyword.Algorithm.SHA1, DrbdTuning.rate(rate), 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nocluster", "ro", "a,b", "noatime ", "heartbeat=none", "x=y z"})
  void refusesMountOptionsThatUndoTheCluster(String option) {
    assertThrows(IllegalArgumentException.class, () -> Syntax.mountOption(option));
  }

  @Test
  void neverPrintsTheSecret() {
    assertFalse(Configs.SECRET.toString().contains("Foo"));
    assertFalse(
        Rendering.files(Configs.lab(), Configs.SECRET, Generation.EIGHT)
            .toString()
            .contains("FooFun"));
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> new Secret("top\"secret"));
    assertFalse(String.valueOf(wrong.getMessage()).contains("top"));
  }
}
