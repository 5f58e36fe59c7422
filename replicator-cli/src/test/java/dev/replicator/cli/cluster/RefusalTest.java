package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.cli.cluster.Program.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused: with which exit code, in which words, and that nothing is touched. */
class RefusalTest {
  @TempDir Path home;
  private TestNode node;

  @BeforeEach
  void init() throws IOException {
    node = TestNode.init(home, "a");
  }

  private static void assertEnded(int code, String words, Ended ended) {
    assertEquals(code, ended.code(), ended::toString);
    assertTrue(ended.err().contains(words), () -> words + " in " + ended);
  }

  @Test
  void namesAllMistakesOfAConfiguration() throws IOException {
    String text = Files.readString(node.config());
    Files.writeString(node.config(), text.replace("listen", "listne") + "\nroots = 3\n");

    Ended ended = node.run("daemon");

    assertEnded(5, "listne", ended);
    assertEnded(5, "listen", ended);
    assertEnded(5, "roots", ended);
    Files.delete(node.config());
    assertEnded(5, "replicator.toml", node.run("status"));
  }

  @Test
  void namesARootThatIsMissing() throws IOException {
    Files.delete(node.root());

    assertEnded(5, node.root().toString(), node.run("config check"));
    assertTrue(Files.notExists(node.root()), "it is not created unasked");
  }

  @Test
  void saysThatTheDaemonIsNotRunning() throws IOException {
    assertEnded(3, "running", node.run("status"));
    assertEnded(3, "running", node.run("wait"));
    assertEnded(3, "running", node.run("conflicts list"));
  }

  @Test
  void tellsWhoMayAskADaemonThatRuns() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "to become nobody needs root");
    Program.shell(home, "chmod a+rx . a && chmod a+r a/replicator.toml");
    Path classes = Files.createDirectories(home.resolve("classes"));
    try (TestNode running = node) {
      running.start();
      for (String command : List.of("status", "check")) {
        Ended ended =
            Program.run(
                Program.asNobody(
                    classes,
                    classes,
                    List.of(),
                    List.of(command, "--config", node.config().toString())));

        assertEquals(command.equals("check") ? 3 : 6, ended.code(), ended::toString);
        String told = ended.out() + ended.err();
        assertTrue(told.contains("only root and the daemon's user may ask"), told);
      }
    }
  }

  @Test
  void saysHowACommandIsUsed() throws IOException {
    assertEnded(2, "--peers", node.run("wait", "--peers", "none"));
    assertEnded(2, "--help", node.run("status", "--jsno"));
    assertEnded(2, "--help", node.run("sattus"));
  }

  @Test
  void refusesATokenThatIsNoneOrWasUsed() throws IOException {
    TestNode other = TestNode.init(home, "b");
    TestNode third = TestNode.init(home, "c");
    assertEquals(6, other.run("join", "nonsense").code());
    try (TestNode running = node) {
      running.start();
      String token = node.succeed("invite");
      other.succeed("join", token);
      Ended again = third.run("join", token);
      assertEquals(6, again.code(), again::toString);
    }
  }

  @Test
  void refusesASecondDaemonAndATakenPort() throws IOException {
    try (TestNode running = node) {
      running.start();
      assertEnded(6, "state", node.run("daemon"));
    }
    String port = node.address().substring(node.address().indexOf(':') + 1);
    try (ServerSocket _ =
        new ServerSocket(Integer.parseInt(port), 1, InetAddress.getLoopbackAddress())) {
      assertEnded(6, port, node.run("daemon"));
    }
  }

  @Test
  void refusesAKeyThatOthersCanRead() throws IOException {
    try (TestNode running = node) {
      running.start();
      node.terminate();
    }
    String key = Program.shell(node.state(), "find . -name '*key*' -type f | head -1").strip();
    Program.shell(node.state(), "chmod 0644 " + key);

    assertEnded(6, "key", node.run("daemon"));
  }

  @Test
  void refusesAnInitThatWouldChangeAConfiguration() throws IOException {
    String before = Files.readString(node.config());

    Ended ended =
        node.run(
            "init",
            "--name",
            "other",
            "--state",
            node.state().toString(),
            "--root",
            TestNode.ROOT + "=" + node.root());

    assertEnded(6, "name", ended);
    assertEquals(before, Files.readString(node.config()));
  }
}
