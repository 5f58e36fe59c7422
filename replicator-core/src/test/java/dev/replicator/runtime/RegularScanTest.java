package dev.replicator.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Changes of which no event tells are found all the same. */
class RegularScanTest extends TwoEngines {
  @Override
  void prepare(String name, EngineOnDisk parts) {
    parts.scanEvery(Duration.ofMillis(200));
  }

  @Test
  void findsWhatAWriterWroteWhoNeverClosesHisFile() throws Exception {
    try (FileChannel log = append("f")) {
      for (int line = 1; line <= 3; line++) {
        String text = read("here", "f") + "line " + line;
        write(log, "line " + line);
        await(() -> read("there", "f").equals(text));
      }
    }
  }

  @Test
  void findsWhatIsWrittenThroughAMapping() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped;
      try (FileChannel file =
          FileChannel.open(file("here", "f"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size(), arena);
      }
      settle();
      mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 'O');
      await(() -> read("there", "f").equals("Old"));
    }
  }
}
