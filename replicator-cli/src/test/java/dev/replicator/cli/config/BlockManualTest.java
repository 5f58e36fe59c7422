package dev.replicator.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.block.BlockConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of docs/BLOCK.md, as it stands there. */
final class BlockManualTest {
  private static final Path MANUAL = Path.of("../docs/BLOCK.md");
  private static final String BEGIN = "```toml\n";

  @TempDir private Path directory = Path.of("");

  @Test
  void isTaken() throws IOException {
    BlockConfig config = read(example());
    assertEquals("r0", config.resource());
    assertEquals("wp", config.fileSystem().cluster());
  }

  @Test
  void tellsTheDefaultOfWhatItLeavesOut() throws IOException {
    String all = example().replaceAll("(?m)^# (?=[a-z_]+ = )", "");
    assertTrue(all.contains("\nping_seconds = "), all);
    assertTrue(all.contains("\ndead_threshold = "), all);
    assertEquals(read(example()), read(all));
  }

  private static String example() throws IOException {
    String manual = Files.readString(MANUAL);
    int begin = manual.indexOf(BEGIN) + BEGIN.length();
    return manual.substring(begin, manual.indexOf("```", begin));
  }

  private BlockConfig read(String roots) throws IOException {
    Path real = directory.toRealPath();
    Path mount = Files.createDirectories(real.resolve("mnt"));
    String node = "[node]\nname = \"web1\"\nstate = \"" + real + "/state\"\n";
    Path file =
        Files.writeString(
            real.resolve("c.toml"),
            node
                + roots
                    .replace("/mnt/wp", mount.toString())
                    .replace("/var/lib/replicator/", real + "/state/"));
    ConfigResult.Loaded loaded =
        assertInstanceOf(ConfigResult.Loaded.class, ConfigReader.read(file));
    return loaded.configuration().roots().getFirst().block().orElseThrow();
  }
}
