package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** What somebody is just making is not shown, but to whoever asks for all that is there. */
class RewrittenOnDiskTest extends TwoEngines {
  private static FileChannel make(Path file) throws Exception {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** As tar, git and cp --remove-destination do. */
  private FileChannel rewrite() throws Exception {
    Files.delete(file("here", "f"));
    return make(file("here", "f"));
  }

  /** Whatever came before this was looked at. */
  private void writeAnother(int number) throws Exception {
    write("here", "other" + number, "other");
    await(() -> read("there", "other" + number).equals("other"));
  }

  @Test
  void aFileThatIsWrittenAnewIsNeverSeenHalf() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (FileChannel writer = rewrite()) {
        write(writer, "half");
        writeAnother(round);
        assertNotEquals("half", read("there", "f"));
        write(writer, " and half " + round);
      }
      String whole = "half and half " + round;
      await(() -> read("there", "f").equals(whole));
    }
  }

  @Test
  void whoWaitsHasItAsItIs() throws Exception {
    try (FileChannel writer = rewrite()) {
      write(writer, "half");
      writeAnother(1);
      settle();
      assertEquals("half", read("there", "f"));
      write(writer, " and half");
    }
    await(() -> read("there", "f").equals("half and half"));
  }

  /** Its directory was not watched when it was made, so that no event told of it. */
  @Test
  void whoWaitsHasWhatIsBeingMadeInADirectoryThatCame() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    try (FileChannel writer = make(outside.resolve("new"))) {
      write(writer, "half");
      Files.move(outside, file("here", "came"));
      writeAnother(1);
      assertEquals("", read("there", "came/new"));
      settle();
      assertEquals("half", read("there", "came/new"));
      write(writer, " and half");
    }
    await(() -> read("there", "came/new").equals("half and half"));
  }
}
