package dev.replicator.runtime;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names of one file on a real disk, of which the watcher tells one. */
final class HardLinksOnDiskTest extends TwoEngines {
  @BeforeEach
  void link() throws Exception {
    Files.createLink(file("here", "g"), file("here", "f"));
    await(() -> read("there", "g").equals("old"));
    settle();
  }

  private void append(String name, String text) throws Exception {
    try (FileChannel writer = append(name)) {
      write(writer, text);
    }
  }

  @Test
  void showsAWriteThroughTheYoungerNameUnderTheOlder() throws Exception {
    append("g", " and new");
    settle();

    await(() -> read("there", "f").equals("old and new"));
    await(() -> read("there", "g").equals("old and new"));
  }

  @Test
  void showsAWriteThroughANameThatIsReplacedAtOnce() throws Exception {
    Files.writeString(file("here", "x"), "other");
    append("f", " and new");
    Files.move(file("here", "x"), file("here", "f"), StandardCopyOption.REPLACE_EXISTING);

    await(() -> read("there", "f").equals("other"));
    await(() -> read("there", "g").equals("old and new"));
  }

  @Test
  void showsALateWriteUnderTheNameThatAPeerLeft() throws Exception {
    try (FileChannel writer = append("f")) {
      write("there", "f", "theirs");
      await(this::isWatched);
      settle();
      write(writer, " and late");
    }

    await(() -> read("there", "g").equals("old and late"));
    settle();
  }

  @Test
  void showsAWriteThroughTheNameThatAPeerLeft() throws Exception {
    write("there", "f", "theirs");
    await(() -> read("here", "f").equals("theirs"));
    settle();

    append("g", " and new");

    await(() -> read("there", "g").equals("old and new"));
    await(() -> engine().report().census().linked() == 0);
    settle();
    await(() -> read("there", "f").equals("theirs"));
  }
}
