package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.linux.TestWatchers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody writes to a file that he does not close reaches the peers all the same. */
class UnclosedOnDiskTest extends TwoEngines {
  @Override
  void prepare(String name, EngineOnDisk parts) {
    parts.watchers(root -> TestWatchers.whichever(root, MachineClock.open()));
  }

  @BeforeEach
  void requireThatWritesAreHeard() {
    String watcher = engine().report().watcher();
    assumeTrue(watcher.contains("2 s without a write"), watcher);
  }

  @Test
  void whatALogGotReachesThePeer() throws Exception {
    try (FileChannel log = append("f")) {
      for (int line = 1; line <= 2; line++) {
        write(log, "line " + line);
        String text = read("here", "f");
        await(() -> read("there", "f").equals(text));
      }
    }
  }

  /** Once the log was told, whatever could be told of the other was. */
  @Test
  void anUploadIsNotSeenBeforeItIsClosed() throws Exception {
    try (FileChannel upload =
            FileChannel.open(
                file("here", "new"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileChannel log = append("f")) {
      write(upload, "half");
      for (int line = 1; line <= 2; line++) {
        write(log, "line " + line);
        String text = read("here", "f");
        await(() -> read("there", "f").equals(text));
      }
      assertFalse(Files.exists(file("there", "new")), () -> "half an upload");
      write(upload, " and half");
    }
    await(() -> read("there", "new").equals("half and half"));
  }

  /** Whoever uploads to a month that did not begin yet makes its directories first. */
  @Test
  void norIsOneIntoADirectoryThatIsNewAsWell() throws Exception {
    Path upload = Files.createDirectories(file("here", "2026/11")).resolve("new");
    try (FileChannel half =
            FileChannel.open(upload, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileChannel log = append("f")) {
      write(half, "half");
      for (int line = 1; line <= 2; line++) {
        write(log, "line " + line);
        String text = read("here", "f");
        await(() -> read("there", "f").equals(text));
      }
      assertTrue(Files.isDirectory(file("there", "2026/11")));
      assertFalse(Files.exists(file("there", "2026/11/new")), () -> "half an upload");
      write(half, " and half");
    }
    await(() -> read("there", "2026/11/new").equals("half and half"));
  }

  /** Nothing but the close tells of it. */
  @Test
  void whatIsWrittenAndClosedIsReadOnce() throws Exception {
    long before = reads();
    for (int file = 0; file < 20; file++) {
      write("here", "closed" + file, "x" + file);
    }
    settle();
    try (FileChannel log = append("f")) {
      write(log, "end");
      await(() -> read("there", "f").endsWith("end"));
    }
    assertEquals(before + 21, reads());
  }

  private long reads() {
    return Optional.ofNullable(engine().report().stageMicros().get("read"))
        .map(RootReport.StepTimes::count)
        .orElse(0L);
  }
}
