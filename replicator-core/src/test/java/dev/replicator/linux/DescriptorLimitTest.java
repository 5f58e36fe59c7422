package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What watches tell while the process has as many files open as it may. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class DescriptorLimitTest {
  private final List<String> lines = new ArrayList<>();
  private final Process program;

  DescriptorLimitTest(@TempDir Path directory) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    this.program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xshare:auto",
                "-cp",
                classes,
                DescriptorLimitProgram.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
  }

  @BeforeEach
  void follow() throws Exception {
    try (var output = program.inputReader(StandardCharsets.UTF_8)) {
      output.lines().dropWhile(line -> !line.equals("limited")).forEach(lines::add);
    }
    assertTrue(program.waitFor() == 0, lines::toString);
  }

  @AfterEach
  void end() {
    program.destroyForcibly();
  }

  private boolean isTold(String beginning) {
    return lines.stream().anyMatch(line -> line.startsWith(beginning));
  }

  /** It was left out for good, and without a word. */
  @Test
  void aDirectoryThatCouldNotBeOpenedIsNamedAndWatchedOnceItCan() {
    assertTrue(isTold("note /fresh is scanned every"), lines::toString);
    assertTrue(isTold("blind: fresh? it cannot be watched"), lines::toString);
    assertTrue(isTold("moved: fresh? it could not be watched until now"), lines::toString);
    assertTrue(isTold("fresh: fresh/sub/f"), lines::toString);
  }

  @Test
  void aDirectoryThatMovesMeanwhileKeepsItsWatches() {
    assertTrue(isTold("blind: top -> moved/"), lines::toString);
    assertTrue(isTold("moved: moved/below/f"), lines::toString);
  }

  /** All watches were forgotten, and nothing was heard of any more. */
  @Test
  void aRootThatCannotBeOpenedAfterAnOverflowEndsTheWatcher() {
    assertTrue(isTold("overflow: failed: cannot look at the root"), lines::toString);
    assertFalse(isTold("overflow: ? "), lines::toString);
    assertTrue(isTold("after: other/f"), lines::toString);
  }
}
