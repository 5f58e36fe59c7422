package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.journal.RocksJournal;
import dev.replicator.model.Message;
import dev.replicator.port.Journal;
import dev.replicator.port.PeerLink;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A daemon is stopped while what it needs takes longer than anybody waits. */
final class StopWhileFetchingTest extends TwoEngines {
  private static final int LARGE_BYTES = 1_024 * 1_024;

  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean silent;

  /** Once {@code silent}, content neither comes unasked nor when it is asked for. */
  @Override
  PeerLink link(PeerLink link) {
    return (PeerLink)
        Proxy.newProxyInstance(
            PeerLink.class.getClassLoader(),
            new Class<?>[] {PeerLink.class},
            (proxy, method, arguments) -> {
              boolean question =
                  method.getName().equals("ask")
                      && (arguments[1] instanceof Message.ManifestWanted
                          || arguments[1] instanceof Message.ChunksWanted);
              if (silent && question) {
                asked.incrementAndGet();
                return true;
              }
              boolean unasked =
                  method.getName().equals("send") && arguments[1] instanceof Message.ChunkAhead;
              return silent && unasked ? null : method.invoke(link, arguments);
            });
  }

  @Test
  void itEndsCleanly() throws Exception {
    silent = true;
    byte[] octets = new byte[LARGE_BYTES];
    new Random(1).nextBytes(octets);
    Files.write(file("there", "large"), octets);
    await(() -> asked.get() > 0);
    stopHere();

    try (Journal journal = RocksJournal.open(directory.resolve("state-here/journal"))) {
      assertTrue(journal.root().orElseThrow().clean(), "the next start believes nothing");
    }

    silent = false;
    startHere();
    settle();
    assertTrue(Files.mismatch(file("here", "large"), file("there", "large")) < 0);
  }
}
