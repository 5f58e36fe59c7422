package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of which the outer two cannot see each other. */
class ChainTest {
  @TempDir Path home;

  @Test
  void carriesAChangeToANodeThatItsOriginCannotSee() throws IOException {
    TestNode a = TestNode.init(home, "a");
    TestNode b = TestNode.init(home, "b");
    TestNode c = TestNode.init(home, "c");
    try (Cluster chain = new Cluster(List.of(a, b, c))) {
      // Nobody is told where the outer nodes listen: they dial, and can be dialled by nobody.
      trust(b, a);
      trust(b, c);
      trust(a, b, "--address", b.address());
      trust(c, b, "--address", b.address());
      for (TestNode node : chain.nodes()) {
        node.start();
      }
      a.awaitLive(1);
      b.awaitLive(2);
      c.awaitLive(1);

      Files.writeString(a.path("from-a"), "a");
      Files.writeString(c.path("from-c"), "c");
      chain.awaitEqual();

      assertEquals("a", Files.readString(c.path("from-a")));
      Files.delete(c.path("from-a"));
      Files.writeString(a.path("from-c"), "changed");
      chain.awaitEqual();
      assertFalse(Files.exists(a.path("from-a")));
      assertEquals("changed", Files.readString(c.path("from-c")));
    }
  }

  private static void trust(TestNode node, TestNode peer, String... more) throws IOException {
    String key =
        peer.succeed("init", initAgain(peer))
            .lines()
            .filter(line -> line.contains("SHA256:"))
            .map(line -> line.substring(line.indexOf("SHA256:")))
            .findFirst()
            .orElseThrow();
    String[] words = new String[more.length + 3];
    words[0] = peer.name();
    words[1] = "--key";
    words[2] = key;
    System.arraycopy(more, 0, words, 3, more.length);
    node.succeed("peer add", words);
  }

  /** With the same values it changes nothing, and tells the key. */
  private static String[] initAgain(TestNode node) {
    return new String[] {
      "--name", node.name(),
      "--listen", node.address(),
      "--state", node.state().toString(),
      "--root", TestNode.ROOT + "=" + node.root()
    };
  }
}
