package dev.replicator.runtime;

import dev.replicator.portable.PortableWatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Where no close is told, a writer without a pause is read all the same. */
class UnclosedPortableTest extends TwoEngines {
  private volatile boolean enough;

  @Override
  void prepare(String name, EngineOnDisk parts) {
    parts.watchers(PortableWatcher::new);
  }

  @Test
  void aFileThatIsWrittenWithoutAPauseReachesThePeerAndThenItsEnd() throws Exception {
    CompletableFuture<Void> writer =
        CompletableFuture.supplyAsync(() -> {
          try (FileChannel file = append("f")) {
            while (!enough) {
              file.write(ByteBuffer.allocate(1));
            }
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
          return null;
        });
    try {
      await(() -> Files.size(file("there", "f")) > 1_000);
    } finally {
      enough = true;
      writer.get();
    }
    await(() -> Files.mismatch(file("here", "f"), file("there", "f")) == -1);
  }
}
