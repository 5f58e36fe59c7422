package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.Proofs;
import dev.replicator.model.Limits;
import dev.replicator.model.Problem;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More open files are replaced than can be watched. */
final class LateWritersProof extends TwoEngines {
  @Test
  void replacesNoMoreOpenFilesThanItCanWatch() throws Exception {
    int files = Limits.LATE_WRITERS_MAX + Limits.PATHS_IN_FLIGHT_MAX + 1;
    List<FileChannel> writers = new ArrayList<>();
    try {
      for (int i = 0; i < files; i++) {
        write("there", "f" + i, "old");
      }
      await(() -> engine().report().census().present() == files + 1);
      settle();
      for (int i = 0; i < files; i++) {
        writers.add(append("f" + i));
      }
      for (int i = 0; i < files; i++) {
        write("there", "f" + i, "theirs");
      }
      await(() ->
          engine().report().pendingPaths().values().stream()
              .anyMatch(pending -> pending.problem().kind() == Problem.Kind.BUSY));
    } finally {
      for (FileChannel writer : writers) {
        writer.close();
      }
    }
    Proofs.tell(files + " open files to be replaced, one at least had to wait");
    await(() -> engine().report().pending() == 0);
    await(() -> !isWatched());
    for (int i = 0; i < files; i++) {
      assertEquals("theirs", read("here", "f" + i));
    }
  }
}
