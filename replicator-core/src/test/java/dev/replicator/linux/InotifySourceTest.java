package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InotifySourceTest {
  /** The second half of a move is waited for no longer than until the timers are asked. */
  private static final WatchTiming IMPATIENT =
      new WatchTiming(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(30));

  private final List<String> told = new ArrayList<>();

  private InotifySource open(Path root) throws IOException {
    return InotifySource.open(
        root,
        MachineClock.open(),
        IMPATIENT,
        Integer.MAX_VALUE,
        new WatchHintsTest.Told(told),
        () -> false);
  }

  private void read(InotifySource source) throws IOException {
    while (source.waiting() > 0) {
      source.read();
    }
    source.timers();
    source.release();
  }

  /** The kernel tells what came before what went, under one name. */
  @Test
  void watchesADirectoryThatWasExchangedForAnother(@TempDir Path base) throws Exception {
    Path top = base.resolve("root/top");
    Path fresh = base.resolve("fresh");
    Files.createDirectories(top.resolve("old"));
    Files.createDirectories(fresh.resolve("sub"));
    try (InotifySource source = open(base.resolve("root"))) {
      source.begin();
      UserCalls.exchange(top, fresh);
      read(source);
      told.clear();

      Files.writeString(top.resolve("f"), "x");
      Files.writeString(top.resolve("sub/g"), "y");
      read(source);
    }

    assertTrue(told.containsAll(List.of("top/f", "top/sub/g")), told::toString);
  }

  @Test
  void watchesBothOfTwoDirectoriesThatWereExchanged(@TempDir Path base) throws Exception {
    Path one = base.resolve("root/one");
    Path other = base.resolve("root/other");
    Files.createDirectories(one.resolve("below"));
    Files.createDirectories(other.resolve("below"));
    try (InotifySource source = open(base.resolve("root"))) {
      source.begin();
      UserCalls.exchange(one, other);
      read(source);
      told.clear();

      Files.writeString(one.resolve("below/f"), "x");
      Files.writeString(other.resolve("below/g"), "y");
      read(source);
    }

    assertTrue(told.containsAll(List.of("one/below/f", "other/below/g")), told::toString);
  }
}
