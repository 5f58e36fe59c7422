package dev.replicator.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `config check` compares the name of an arbiter with peers of the file and of the state. */
final class ArbiterChecksTest {
  private static final Path CASES = Path.of("src/test/resources/config");

  @TempDir private Path directory = Path.of("");

  private List<String> check(String name, String from, String to) throws IOException {
    Path real = directory.toRealPath();
    Files.createDirectories(real.resolve("site"));
    String text = Files.readString(CASES.resolve(name)).replace("DIR", real.toString());
    Path file = Files.writeString(real.resolve("c.toml"), text.replace(from, to));
    return ConfigReader.check(file).stream().map(ConfigError::toString).toList();
  }

  @Test
  void knowsPeersOfTheFile() throws IOException {
    assertEquals(List.of(), check("block-arbiter.toml", "", ""));
  }

  @Test
  void refusesANameThatNoPeerHasWithTheNearestOne() throws IOException {
    List<String> errors =
        check("block-arbiter.toml", "fence_arbiter = \"web3\"", "fence_arbiter = \"wbe3\"");
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.getFirst().contains("c.toml:14: "), errors.toString());
    assertTrue(errors.getFirst().endsWith("did you mean \"web3\"?"), errors.toString());
  }

  @Test
  void knowsPeersThatWereLearned() throws IOException {
    assertEquals(
        2, check("block.toml", "fence_survivor = \"web1\"", "fence_arbiter = \"web3\"").size());
    PeerStore store = new PeerStore(directory.toRealPath().resolve("state"));
    for (int number = 2; number <= 3; number++) {
      byte[] key = new byte[32];
      key[0] = (byte) number;
      store.learn(new PeerConfig("web" + number, Optional.empty(), NodeId.of(key), "learned"));
    }
    assertEquals(
        List.of(), check("block.toml", "fence_survivor = \"web1\"", "fence_arbiter = \"web3\""));
  }

  @Test
  void refusesThisNodeAsItsOwnArbiter() throws IOException {
    List<String> errors =
        check("block-arbiter.toml", "name = \"web1\"\nstate", "name = \"web3\"\nstate");
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.getFirst().contains("no arbiter of its own"), errors.toString());
  }
}
