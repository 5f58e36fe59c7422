package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.Workplace;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.RelativePath;
import dev.replicator.net.identity.KeyText;
import dev.replicator.runtime.BarrierReport;
import dev.replicator.runtime.CommandResult;
import dev.replicator.runtime.ConflictReport;
import dev.replicator.runtime.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole command lines, to their output and exit code. */
final class ReplicatorTest extends CommandScenario {
  private static final String VERSION = "0000000000000001:";

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "status --nonsense", "wait --timeout soon", "conflicts"})
  void answersWrongUsageWithTwo(String line) {
    assertEquals(2, run(line.split(" ")));
    assertTrue(place.err().startsWith("replicator: "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "events",
        "wait",
        "conflicts list",
        "pause",
        "resume",
        "approve",
        "explain site:x",
        "history site:x",
        "history --deleted site:",
        "restore --deleted site:x --since 2h",
        "restore site:x@0000000000000001:1"
      })
  void answersThreeWhenNoDaemonRuns(String line) {
    assertEquals(3, with(line.split(" ")));
    assertTrue(place.err().contains("the daemon is not running"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "events",
        "wait",
        "resync",
        "verify",
        "conflicts list",
        "pause",
        "resume",
        "approve",
        "explain site:x",
        "history site:x",
        "history --deleted site:x",
        "restore --deleted site:x"
      })
  void asksTheDaemonAlsoWhenTheDirectoryOfARootIsGone(String line) throws IOException, Failure {
    try (Daemon _ = daemon()) {
      Files.delete(place.tree());
      assertEquals(0, with(line.split(" ")), place::err);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"daemon", "resync", "verify"})
  void whatOpensARootNeedsItsDirectory(String line) throws IOException {
    Files.delete(place.tree());
    assertEquals(5, with(line.split(" ")));
    assertTrue(place.err().contains("mount it, or mkdir a new one"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status", "wait", "daemon", "invite", "join x", "peer list", "resync", "verify"})
  void answersFiveToAConfigurationWithErrors(String line) {
    Workplace.write(place.config(), "[node]\nnmae = \"x\"\n");
    assertEquals(5, with(line.split(" ")));
    assertTrue(place.err().contains("did you mean \"name\"?"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "explain", "history", "restore"})
  void everyCommandWithAPathTellsItsForms(String command) {
    assertEquals(0, run(command, "--help"));
    String help = place.out().replaceAll("\\s+", " ");
    assertTrue(help.contains("ROOT:path from anywhere"), help);
    assertTrue(help.contains("with one root only, a path relative to it"), help);
  }

  @Test
  void restoreSaysWhereVersionsComeFromWhenNoneIsGiven() {
    assertEquals(2, with("restore", "f.txt@"));
    String message = place.err();
    assertTrue(message.contains("`replicator history f.txt --config " + place.config()), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "init",
        "invite",
        "join",
        "daemon",
        "status",
        "check",
        "events",
        "wait",
        "resync",
        "verify",
        "explain",
        "history",
        "restore",
        "pause",
        "resume",
        "approve",
        "demo",
        "config check",
        "conflicts list",
        "conflicts show",
        "conflicts resolve",
        "peer add",
        "peer remove",
        "peer list"
      })
  void everyHelpDocumentsFormsAndExitCodes(String command) {
    assertEquals(0, run((command + " --help").split(" ")));
    String help = place.out();
    assertTrue(help.contains("Usage: replicator " + command), help);
    assertTrue(help.contains("Exit codes:"), help);
  }

  @Test
  void theHelpBeginsInAnOrderThatWorks() {
    assertEquals(0, run("--help"));
    List<String> steps =
        place
            .out()
            .lines()
            .filter(line -> line.matches("  web[12]# .*"))
            .map(line -> line.strip().replaceFirst("replicator (\\w+).*", "$1"))
            .toList();
    assertEquals(
        List.of(
            "web1# init",
            "web1# daemon",
            "web1# invite",
            "web2# init",
            "web2# join",
            "web2# daemon"),
        steps);
  }

  private int init(String name) {
    String root = "site=" + place.tree();
    String state = place.state().toString();
    return with(
        "init", "--name", name, "--listen", "127.0.0.1:0", "--state", state, "--root", root);
  }

  @Test
  void initRefusesAStateDirectoryWhoseSocketWouldHaveTooLongAPath() throws IOException {
    Files.delete(place.config());
    Path state = place.directory.resolve("s".repeat(100));

    int code =
        with(
            "init",
            "--name",
            "web1",
            "--listen",
            "127.0.0.1:0",
            "--state",
            state.toString(),
            "--root",
            "site=" + place.tree());

    assertEquals(5, code);
    String message = place.err();
    assertTrue(message.contains("at most 100 work: set socket = "), message);
    assertFalse(Files.exists(place.config()));
    assertFalse(Files.exists(state));
  }

  @Test
  void initWritesConfigurationStateAndKeyAndChangesNothingTheSecondTime() throws IOException {
    Files.delete(place.config());
    assertEquals(0, init("web1"));
    String first = Files.readString(place.config());
    byte[] key = Files.readAllBytes(place.state().resolve("key.pem"));
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(place.state()));
    assertEquals("rwx------", mode);
    assertEquals(0, init("web1"));
    assertEquals(first, Files.readString(place.config()));
    assertArrayEquals(key, Files.readAllBytes(place.state().resolve("key.pem")));
    assertEquals(6, init("other"));
    assertTrue(place.err().contains("name is web1, not other"));
  }

  @Test
  void initWritesNothingWhenTheValuesAreWrong() throws IOException {
    Files.delete(place.config());
    Path state = place.directory.resolve("none");
    assertEquals(5, with("init", "--name", "web1", "--state", state.toString(), "--root", "all=/"));
    assertFalse(Files.exists(place.config()));
    assertFalse(Files.exists(state));
  }

  @Test
  void initNamesTheRootThatIsWrong() throws IOException {
    Files.delete(place.config());
    String state = place.state().toString();
    String fine = "a=" + place.tree();
    assertEquals(
        2, with("init", "--name", "n", "--state", state, "--root", fine, "--root", "b=/x\u0007y"));
    String message = place.err();
    assertTrue(message.startsWith("replicator: --root b=/x"), message);
    assertTrue(message.contains("a path must not hold control characters"), message);
    assertEquals(2, with("init", "--name", "n", "--state", state, "--root", "sp ace=/x"));
    message = place.err();
    assertTrue(message.startsWith("replicator: --root sp ace=/x: \"sp ace\" must be"), message);
    assertFalse(Files.exists(place.config()));
  }

  @Test
  void inviteNeedsAnAddressThatSomebodyCanDialAndPrintsTheTokenAlone() {
    assertEquals(2, with("invite"));
    assertTrue(place.err().contains("--address"));
    assertEquals("", place.out());
    assertTrue(
        printed("invite", "--address", "127.0.0.1:7411").matches("replicator1\\.[A-Za-z0-9_-]+\n"));
  }

  @Test
  void joinRefusesWhatIsNoToken() {
    assertEquals(6, with("join", "nonsense"));
  }

  @Test
  void peersAreKeptInTheStateDirectoryAndARemovalIsIdempotent() {
    String key = KeyText.print(FakeRoot.node("05"));
    assertEquals(0, with("peer", "add", "web2", "--key", key, "--address", "web2:7411"));
    assertEquals(0, with("peer", "add", "web2", "--key", key, "--address", "web2:7411"));
    String peers = printed("peer", "list", "--json");
    assertTrue(peers.startsWith("[{\"name\":\"web2\",\"address\":\"web2:7411\""), peers);
    assertEquals(0, with("peer", "remove", "web2"));
    assertEquals(0, with("peer", "remove", "web2"));
    assertEquals("[]\n", printed("peer", "list", "--json"));
    assertEquals(1, with("peer", "remove", "nobody"));
  }

  @Test
  void aPeerOfTheAdministratorsFileIsRefusedWithItsLineAndNotLearnedAgain() throws Exception {
    String key = KeyText.print(FakeRoot.node("05"));
    place.writeConfig("[[peer]]\nname = \"web3\"\nkey = \"" + key + "\"\n");
    PeerConfig peer = place.configuration().peers().getFirst();
    assertEquals(6, with("peer", "remove", "web3"));
    String message = place.err();
    assertTrue(message.contains(place.config() + ":8"), message);
    assertFalse(new PeerStore(place.state()).learn(peer));
  }

  @Test
  void aPeerThatWasDeletedInTheFileIsRemovedBeforeTheDaemonReadsItAgain() throws Exception {
    String key = KeyText.print(FakeRoot.node("05"));
    place.writeConfig("[[peer]]\nname = \"web3\"\nkey = \"" + key + "\"\n");
    daemon().close();
    place.writeConfig("");
    assertEquals("removed web3\n", printed("peer", "remove", "web3"));
    assertEquals("unchanged: web3 was removed before\n", printed("peer", "remove", "web3"));
  }

  @Test
  void statusHasTheFieldsThatScriptsRelyOn() throws Failure {
    try (Daemon _ = daemon()) {
      String json = printed("status", "--json");
      assertTrue(json.startsWith("{\"node\":{\"name\":\"web1\",\"id\":\"SHA256:"), json);
      assertTrue(json.contains("\"roots\":[{\"name\":\"site\""), json);
      assertTrue(json.contains("\"state\":\"live\""), json);
      assertTrue(json.contains("\"pending\":0,\"pendingPaths\":[],\"conflicts\":0"), json);
      assertTrue(json.contains("\"watcher\":\"fake watcher\""), json);
      assertTrue(json.contains("\"peers\":[]}"), json);
    }
  }

  @Test
  void aPeerThatWasNeverMetHasALagOfNull() throws Failure {
    String key = KeyText.print(FakeRoot.node("05"));
    assertEquals(0, with("peer", "add", "web2", "--key", key));
    try (Daemon _ = daemon()) {
      String json = printed("status", "--json");
      assertTrue(json.contains("\"connected\":false,\"lagMillis\":null,\"behind\":0"), json);
      assertTrue(printed("status").contains("unknown"));
    }
  }

  @Test
  void namesThatAreNotUtf8AddTheirBytesAndOthersDoNot() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").pend(RelativePath.of(new byte[] {'a', (byte) 0xff}));
      String json = printed("status", "--json");
      assertTrue(json.contains("\"path\":\"a\\\\xff\""), json);
      assertTrue(json.contains("\"pathBase64\":\"Yf8=\""), json);
      roots.root("site").pending.clear();
      roots.root("site").pend(RelativePath.of("plain"));
      assertFalse(printed("status", "--json").contains("pathBase64"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DONE 0", "TIMED_OUT 1", "NOT_LIVE 1", "PEER_OFFLINE 4"})
  void waitEndsWithTheCodeOfItsOutcome(String outcomeAndCode) throws Failure {
    String[] words = outcomeAndCode.split(" ");
    BarrierReport.Outcome outcome = BarrierReport.Outcome.valueOf(words[0]);
    try (Daemon _ = daemon()) {
      roots.root("site").barrier = FakeRoot.reached(outcome, List.of());
      assertEquals(Integer.parseInt(words[1]), with("wait", "site:a/b", "--timeout", "250ms"));
      assertTrue(roots.root("site").asked.contains("barrier a/b OptionalInt.empty PT0.25S"));
    }
  }

  @Test
  void waitNamesWhatCouldNotBeReadAndIsNotCovered() throws Failure {
    List<RelativePath> unread = List.of(RelativePath.of("debug.log"));
    try (Daemon _ = daemon()) {
      roots.root("site").barrier = FakeRoot.reached(BarrierReport.Outcome.DONE, unread);
      assertTrue(printed("wait").contains("not covered, it cannot be read now: debug.log"));
      assertTrue(printed("wait", "--json").contains("\"unread\":[\"debug.log\"]"));
    }
  }

  @Test
  void waitRefusesMorePeersThanThereAreAndSaysHowMany() throws Failure {
    try (Daemon _ = daemon()) {
      assertEquals(2, with("wait", "--peers", "3"));
      assertTrue(place.err().contains("--peers 3: this node has no peers; write all"));
    }
    String key = KeyText.print(FakeRoot.node("05"));
    assertEquals(0, with("peer", "add", "web2", "--key", key));
    try (Daemon _ = daemon()) {
      assertEquals(2, with("wait", "--peers", "3"));
      assertTrue(place.err().contains("--peers 3: this node has 1 peer; write 1, or all"));
    }
  }

  @Test
  void explainTellsOfPathsInARootAndNotOfTheRootItself() throws Failure {
    try (Daemon _ = daemon()) {
      assertEquals(2, with("explain", "site:"));
      String message = place.err();
      assertTrue(message.contains("or see `replicator status --config " + place.config()), message);
    }
  }

  @Test
  void conflictsAreListedAndResolvedByExactlyWhatWasPrinted() throws Failure {
    try (Daemon _ = daemon()) {
      assertEquals("[]\n", printed("conflicts", "list", "--json"));
      FakeRoot root = roots.root("site");
      root.conflicts.add(
          new ConflictReport(
              RelativePath.of("a.php"),
              List.of(FakeRoot.version(2, true), FakeRoot.version(1, false))));
      String json = printed("conflicts", "list", "--json");
      assertTrue(json.startsWith("[{\"root\":\"site\",\"path\":\"a.php\",\"versions\":["), json);
      assertTrue(json.contains("\"replica\":\"0000000000000001\""), json);
      assertTrue(json.contains("\"writtenAt\":\"1970-01-01T00:00:00Z\""), json);
      assertTrue(json.contains("\"size\":20,\"digest\":\"abab"), json);
      assertEquals(1, with("conflicts", "resolve", "site:a.php", VERSION + 9));
      assertEquals(0, with("conflicts", "resolve", "site:a.php", VERSION + 1));
      String asked = "resolve a.php " + VERSION + "1 [" + VERSION + "1, " + VERSION + "2]";
      assertTrue(root.asked.contains(asked), root.asked.toString());
    }
  }

  @Test
  void whatARootRefusesIsToldAndEndsWithOne() throws Failure {
    try (Daemon _ = daemon()) {
      assertEquals(0, with("pause", "site"));
      roots.root("site").result = new CommandResult.Refused("nothing is held");
      assertEquals(1, with("approve"));
      assertTrue(place.err().contains("site: nothing is held"));
      assertEquals(2, with("pause", "sight"));
    }
  }

  @Test
  void aSecondDaemonOnOneStateDirectoryIsRefusedAndNamesTheFirst() throws Failure {
    try (Daemon _ = daemon()) {
      assertEquals(6, with("daemon"));
      assertTrue(place.err().contains("process " + ProcessHandle.current().pid()));
    }
  }

  @Test
  void aRootThatCannotBeOpenedEndsTheDaemonWithSixAndFreesTheState() throws Failure {
    roots.refusal = "root site: the journal is of a newer format";
    assertEquals(6, with("daemon"));
    assertTrue(place.err().contains("newer format"));
    roots.refusal = "";
    daemon().close();
  }

  @Test
  void resyncRunsTheEngineWhenNoDaemonDoes() {
    assertTrue(printed("resync", "--json").contains("\"ended\":true,\"root\":\"site\""));
    assertEquals("stop", roots.root("site").asked.getLast());
    assertFalse(Files.exists(place.state().resolve("control.sock")));
  }

  @Test
  void verifyRunsTheEngineWhenNoDaemonDoes() {
    assertTrue(printed("verify", "--json").contains("\"ended\":true,\"root\":\"site\""));
    assertEquals("stop", roots.root("site").asked.getLast());
  }

  @Test
  void verifyTellsWhatIsDamagedAndAnswersByHowBadItIs() {
    roots.verified = verified(1, 1, 0, VerifyReport.Fate.HEALED, "in the vault");
    assertEquals(1, with("verify", "site"));
    String text = place.out();
    assertTrue(
        text.contains("2 files read again (3.8 MiB in 2000 ms, 1.9 MiB/s), 1 damaged, 1 of"), text);
    assertTrue(text.contains("damaged and healed: a/b (1 of 9 chunks differ); in the vault"), text);

    roots.verified = verified(1, 0, 1, VerifyReport.Fate.NOT_HEALED, "nobody has it");
    assertEquals(4, with("verify"));
    assertTrue(place.out().contains("DAMAGED, NOT HEALED: a/b (1 of 9 chunks differ); nobody"));
    assertEquals(1, with("verify", "--dry-run"));
    assertEquals(4, with("resync", "--checksum"));
    assertEquals(0, with("resync"));
  }

  private static Optional<VerifyReport> verified(
      long damaged, long healed, long left, VerifyReport.Fate fate, String outcome) {
    var finding =
        new VerifyReport.Finding(RelativePath.of("a/b"), fate, "1 of 9 chunks differ", outcome);
    return Optional.of(
        new VerifyReport(
            1, 2_000, 3, 3, 2, 4_000_000, 0, damaged, healed, left, 0, List.of(finding)));
  }

  @Test
  void verifyTakesALimitInWords() {
    assertEquals(0, with("verify", "--limit", "50MiB/s"));
    String asked = "verify Order[dryRun=false, bytesPerSecond=52428800]";
    assertTrue(roots.root("site").asked.contains(asked));
    assertEquals(2, with("verify", "--limit", "fast"));
    assertTrue(place.err().contains("such as \"10MiB/s\""), place.err());
  }
}
