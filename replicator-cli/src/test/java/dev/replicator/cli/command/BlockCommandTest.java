package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.block.BlockDesk;
import dev.replicator.block.ConfigurationFiles;
import dev.replicator.block.RenderedFile;
import dev.replicator.block.Secret;
import dev.replicator.cli.terminal.Console;
import dev.replicator.port.CommandRunner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands on a machine without the module, where every program but cat is missing. */
final class BlockCommandTest {
  private static final Path CONFIG = Path.of("src/test/resources/config/block.toml");

  @TempDir private Path directory = Path.of("");

  private final List<String> ran = new ArrayList<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private final Console console = new Console(stream, stream, false);
  private String host = "web1";
  private Meanwhile meanwhile = () -> {};

  /** What happens while a command waits. */
  private interface Meanwhile {
    void go() throws IOException;
  }

  @BeforeEach
  void writeTheConfiguration() throws IOException {
    Path real = directory.toRealPath();
    Files.createDirectories(real.resolve("site"));
    Files.writeString(
        real.resolve("c.toml"), Files.readString(CONFIG).replace("DIR", real.toString()));
  }

  @Test
  void plansWithoutRunningAnythingThatChanges() {
    assertEquals(0, execute(new BlockPlanCommand(console, machine())));
    assertTrue(text().contains("the module drbd of the kernel is not loaded"), text());
    assertTrue(text().contains("run: /usr/sbin/modprobe -- drbd"), text());
    assertTrue(ran.stream().allMatch(one -> one.matches("/usr/bin/(cat|grep) .*")), ran.toString());
  }

  @Test
  void printsTheFilesOfBothVersionsWithoutTheSecret() {
    assertEquals(0, execute(new BlockPlanCommand(console, machine()), "--files", "9"));
    assertTrue(text().contains("node-id 1;"), text());
    assertTrue(text().contains("==> /etc/ocfs2/cluster.conf"), text());
    assertFalse(text().contains("FooFun"), text());
    assertTrue(text().contains("shared-secret \"--hidden--\""), text());
    assertEquals(List.of(), ran);
  }

  @Test
  void tellsTheStateAsJson() {
    assertEquals(1, execute(new BlockStatusCommand(console, machine()), "--json"));
    assertTrue(text().contains("\"state\":\"no-module\""), text());
    assertTrue(text().contains("\"standing\":\"on_the_way\""), text());
  }

  @Test
  void tellsWhichArbiterAndThatNobodyAsksItWithoutADaemon() throws IOException {
    Path file = directory.resolve("c.toml");
    Files.writeString(
        file,
        Files.readString(file).replace("fence_survivor = \"web1\"", "fence_arbiter = \"web3\""));
    String line = "arbiter: web3 is not asked: the daemon does not answer";
    execute(new BlockStatusCommand(console, machine()));
    assertTrue(text().contains(line), text());
    printed.reset();
    execute(new BlockPlanCommand(console, machine()));
    assertTrue(text().contains(line), text());
  }

  @Test
  void stopsAtAToolThatFailsAndSaysWhich() {
    assertEquals(1, execute(new BlockUpCommand(console, machine())));
    assertTrue(text().contains("site: /usr/sbin/modprobe -- drbd: "), text());
  }

  @Test
  void hasNothingToDoWhenDownAlready() {
    assertEquals(0, execute(new BlockDownCommand(console, machine())));
    assertTrue(text().contains("site: DRBD is down"), text());
  }

  @Test
  void keepsADaemonFromBringingUpWhatWasTakenDownUntilItIsUpAgain() throws IOException {
    execute(new BlockDownCommand(console, machine()));
    assertTrue(Files.exists(state().resolve("paused")));
    execute(new BlockUpCommand(console, machine()));
    assertFalse(Files.exists(state().resolve("paused")));
  }

  @Test
  void leavesWhatGoesDownForARebootToTheNextDaemonAndWhatWasDownBeforeDown() throws IOException {
    assertEquals(0, execute(new BlockDownCommand(console, machine()), "--alone", "--reboot"));
    assertFalse(Files.exists(state().resolve("paused")));
    execute(new BlockDownCommand(console, machine()));
    assertEquals(0, execute(new BlockDownCommand(console, machine()), "--alone", "--reboot"));
    assertTrue(Files.exists(state().resolve("paused")));
  }

  @Test
  void waitsUntilNobodyElseWorksOnTheRoot() throws IOException {
    Files.createDirectories(state());
    BlockDesk.Work daemon = new BlockDesk(state()).begin().orElseThrow();
    List<String> before = new ArrayList<>();
    meanwhile =
        () -> {
          before.addAll(ran);
          daemon.close();
        };
    assertEquals(0, execute(new BlockDownCommand(console, machine())));
    assertEquals(List.of(), before);
    assertFalse(ran.isEmpty());
  }

  @Test
  void refusesARootThatAnotherProcessNeverLetsGo() throws IOException {
    Files.createDirectories(state());
    try (BlockDesk.Work _ = new BlockDesk(state()).begin().orElseThrow()) {
      assertEquals(1, execute(new BlockUpCommand(console, machine())));
    }
    assertTrue(text().contains("another process works on the root"), text());
    assertEquals(List.of(), ran);
  }

  private Path state() throws IOException {
    return directory.toRealPath().resolve("state/roots/site");
  }

  @Test
  void refusesAHostThatIsNoneOfTheNodes() {
    host = "web9";
    assertEquals(1, execute(new BlockUpCommand(console, machine())));
    assertTrue(text().contains("this host is web9"), text());
  }

  @Test
  void refusesAVictimThatIsNoneOfTheNodes() {
    assertEquals(
        1, execute(new BlockResolveCommand(console, machine()), "--victim", "web9", "--yes"));
    assertTrue(text().contains("web9 is none of the nodes"), text());
    assertEquals(List.of(), ran);
  }

  @Test
  void resolvesOnlyWhenTheNameOfTheVictimIsTypedOnceMore() {
    InputStream before = System.in;
    try {
      for (String typed : List.of("yes\n", "web1\n", "")) {
        System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
        assertEquals(1, execute(new BlockResolveCommand(console, machine()), "--victim", "web2"));
        assertTrue(text().contains("not confirmed: nothing was done"), text());
        assertEquals(List.of(), ran);
        printed.reset();
      }
      System.setIn(new ByteArrayInputStream("web2\n".getBytes(StandardCharsets.UTF_8)));
      execute(new BlockResolveCommand(console, machine()), "--victim", "web2");
      assertFalse(text().contains("not confirmed"), text());
      assertFalse(ran.isEmpty());
    } finally {
      System.setIn(before);
    }
  }

  private int execute(Callable<Integer> command, String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("--config", directory.resolve("c.toml").toString()));
    return new CommandLine(command)
        .setExecutionExceptionHandler((failure, _, _) -> {
          console.line(String.valueOf(failure.getMessage()));
          return 1;
        })
        .execute(words.toArray(String[]::new));
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private BlockMachine machine() {
    CommandRunner runner =
        (arguments, _) -> {
          String command = String.join(" ", arguments);
          ran.add(command);
          if (command.equals("/usr/bin/cat /proc/mounts")) {
            return new CommandRunner.Result(0, "/dev/sda1 / ext4 rw 0 0\n", "");
          }
          if (command.startsWith("/usr/bin/")) {
            return new CommandRunner.Result(1, "", command + ": No such file or directory\n");
          }
          throw new IOException(arguments.getFirst() + " is missing");
        };
    return new BlockMachine(runner, new NoFiles(), () -> host, _ -> pass());
  }

  private void pass() {
    try {
      meanwhile.go();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Nothing is written yet. */
  private static final class NoFiles implements ConfigurationFiles {
    @Override
    public Secret secret(String path) {
      return new Secret("FooFunFactory");
    }

    @Override
    public Optional<String> read(String path) {
      return Optional.empty();
    }

    @Override
    public boolean executable(String path) {
      return true;
    }

    @Override
    public void write(RenderedFile file) throws IOException {
      throw new IOException("read-only");
    }

    @Override
    public void set(String path, String value) throws IOException {
      throw new IOException("read-only");
    }
  }
}
