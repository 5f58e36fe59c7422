package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Stamp;
import dev.replicator.port.Tree;
import dev.replicator.runtime.RootReport.PeerReport;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two engines of which one has a disk that does not return what was written to it. */
final class VerifierTest extends TwoEngines {
  private static final long LATER_MILLIS = 3_600_000;
  private static final VerifyReport.Order HEAL =
      new VerifyReport.Order(false, VerifyReport.Order.NO_LIMIT);
  private static final VerifyReport.Order TELL =
      new VerifyReport.Order(true, VerifyReport.Order.NO_LIMIT);

  private static final int PHOTO_BYTES = 1_000_000;

  private final SetClock clock = new SetClock();
  private final Map<Long, Fault> faults = new ConcurrentHashMap<>();

  /** What a disk does to what is read of a file. */
  private interface Fault {
    void read(ByteBuffer read) throws IOException;
  }

  private static void flip(ByteBuffer read) {
    read.put(0, (byte) (read.get(0) ^ 1));
  }

  private static void refuse(ByteBuffer read) throws IOException {
    throw new IOException("Input/output error");
  }

  @Override
  void prepare(String name, EngineOnDisk parts) {
    if (name.equals("here")) {
      parts.clock(clock).trees(this::faulty);
    }
  }

  private Tree faulty(Tree real) {
    return (Tree)
        Proxy.newProxyInstance(
            Tree.class.getClassLoader(),
            new Class<?>[] {Tree.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(real, arguments);
                return result instanceof SeekableByteChannel channel
                        && arguments.length == 2
                        && arguments[1] instanceof Stamp stamp
                        && faults.containsKey(stamp.inode())
                    ? faulty(channel, stamp.inode())
                    : result;
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private SeekableByteChannel faulty(SeekableByteChannel real, long inode) {
    return (SeekableByteChannel)
        Proxy.newProxyInstance(
            SeekableByteChannel.class.getClassLoader(),
            new Class<?>[] {SeekableByteChannel.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(real, arguments);
                Fault fault = faults.get(inode);
                if (method.getName().equals("read") && (int) result > 0 && fault != null) {
                  fault.read(((ByteBuffer) arguments[0]).duplicate().clear());
                }
                return result;
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private long inode(String name) throws IOException {
    return (long) Files.getAttribute(file("here", name), "unix:ino");
  }

  private void rot(String name, Fault fault) throws IOException {
    faults.put(inode(name), fault);
    clock.step(LATER_MILLIS);
  }

  private VerifyReport verify(VerifyReport.Order order) throws Exception {
    return engine().verify(order, progress -> {}).get();
  }

  private static VerifyReport.Finding only(VerifyReport report) {
    assertEquals(1, report.findings().size(), report::toString);
    return report.findings().getFirst();
  }

  @Test
  void findsNothingWrongWithAGoodDisk() throws Exception {
    Files.createSymbolicLink(file("here", "link"), Path.of("f"));
    Files.writeString(file("here", "empty"), "");
    try (FileChannel sparse =
        FileChannel.open(
            file("here", "sparse"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.wrap(new byte[] {1}), 10_000_000);
    }
    settle();
    clock.step(LATER_MILLIS);

    VerifyReport report = verify(HEAL);

    assertEquals(0, report.damaged() + report.changed() + report.unread(), report::toString);
    assertEquals(3, report.files());
    assertTrue(report.bytes() < 10_000, report::toString);
    assertEquals(report.total(), report.checked());
    assertEquals(report, engine().report().verified());
  }

  @Test
  void healsWhatIsDamagedFromThePeerAndKeepsWhatWasThere() throws Exception {
    rot("f", VerifierTest::flip);

    VerifyReport report = verify(HEAL);

    VerifyReport.Finding finding = only(report);
    assertEquals(VerifyReport.Fate.HEALED, finding.fate(), finding::toString);
    assertEquals("1 of 1 chunks differ", finding.what());
    assertEquals(1, report.healed());
    assertFalse(faults.containsKey(inode("f")), "another file is there");
    assertEquals("old", read("here", "f"));
    assertTrue(isKept(finding.outcome()), finding::toString);
    settle();
    assertEquals("old", read("there", "f"));
    assertEquals(0, engine().report().conflicts());
    assertEquals(0, verify(HEAL).damaged());
  }

  private boolean isKept(String outcome) throws IOException {
    String digest = outcome.substring(outcome.lastIndexOf(' ') + 1);
    try (Stream<Path> all = Files.walk(directory)) {
      return all.anyMatch(path -> path.getFileName().toString().startsWith(digest + "."));
    }
  }

  @Test
  void onlyTellsInADryRun() throws Exception {
    rot("f", VerifierTest::flip);

    VerifyReport report = verify(TELL);

    assertEquals(VerifyReport.Fate.DAMAGED, only(report).fate());
    assertEquals(1, verify(TELL).damaged());
    assertEquals(2, engine().report().damagedEver());
    assertTrue(faults.containsKey(inode("f")), "the same file is there");
    assertTrue(
        engine().report().notes().contains("f is damaged on this disk: 1 of 1 chunks differ"));
  }

  @Test
  void healsWhatItsDiskRefusesToRead() throws Exception {
    rot("f", VerifierTest::refuse);

    VerifyReport.Finding finding = only(verify(HEAL));

    assertEquals(VerifyReport.Fate.HEALED, finding.fate(), finding::toString);
    assertEquals("it cannot be read: input/output error: Input/output error", finding.what());
    assertFalse(faults.containsKey(inode("f")), "another file is there");
    assertTrue(isKept(finding.outcome()), finding::toString);
  }

  @Test
  void leavesWhatNobodyHasAndHealsItOnceSomebodyIsThere() throws Exception {
    byte[] photo = new byte[PHOTO_BYTES];
    new Random(1).nextBytes(photo);
    Files.write(file("there", "photo"), photo);
    settle();
    mesh.disconnect(here, there);
    await(() -> engine().report().peers().values().stream().noneMatch(PeerReport::connected));
    rot("photo", VerifierTest::flip);

    VerifyReport.Finding finding = only(verify(HEAL));

    assertEquals(VerifyReport.Fate.NOT_HEALED, finding.fate(), finding::toString);
    assertTrue(finding.outcome().startsWith("no connected peer"), finding::toString);
    assertTrue(faults.containsKey(inode("photo")), "the same file is there");
    assertEquals(1, engine().report().pending());
    mesh.connect(here, there);
    await(() -> !faults.containsKey(inode("photo")));
    settle();
    assertArrayEquals(photo, Files.readAllBytes(file("here", "photo")));
    assertArrayEquals(photo, Files.readAllBytes(file("there", "photo")));
  }

  @Test
  void healsAFileUnderAllItsNames() throws Exception {
    Files.createLink(file("here", "g"), file("here", "f"));
    settle();
    rot("f", VerifierTest::flip);

    VerifyReport report = verify(HEAL);

    assertEquals(0, report.damaged() - report.healed(), report::toString);
    await(() -> !faults.containsKey(inode("f")) && !faults.containsKey(inode("g")));
    settle();
    assertEquals("old", read("there", "g"));
    assertEquals(0, engine().report().conflicts());
  }

  @Test
  void believesNoDiskThatIsWrongOnlyOnce() throws Exception {
    rot(
        "f",
        read -> {
          flip(read);
          faults.clear();
        });

    assertEquals(0, verify(HEAL).damaged());
  }

  @Test
  void judgesNoFileThatSomebodyHasOpenForWriting() throws Exception {
    rot("f", VerifierTest::flip);
    try (FileChannel writer = append("f")) {
      VerifyReport.Finding finding = only(verify(HEAL));

      assertTrue(writer.isOpen());
      assertEquals(VerifyReport.Fate.UNREAD, finding.fate());
      assertEquals("somebody has it open for writing", finding.what());
    }
  }

  @Test
  void leavesWhatSomebodyWroteToTheOrdinaryWay() throws Exception {
    clock.step(LATER_MILLIS);
    CompletableFuture<VerifyReport> report;
    try (FileChannel writer = append("f")) {
      write(writer, " and new");
      report = engine().verify(HEAL, progress -> {});
      assertEquals(1, report.get().changed());
    }
    await(() -> read("there", "f").equals("old and new"));
  }

  @Test
  void tellsWhatIsMissingWhileTheRootIsHeld() throws Exception {
    for (String name : List.of("g", "h", "i")) {
      write("there", name, name);
    }
    settle();
    for (String name : List.of("f", "g", "h", "i")) {
      Files.delete(file("here", name));
    }
    await(() -> engine().report().state() == RootReport.State.HELD);

    VerifyReport report = verify(TELL);

    assertEquals(4, report.unread(), report::toString);
    assertEquals(VerifyReport.Fate.MISSING, report.findings().getFirst().fate());
    assertEquals(0, report.changed() + report.damaged(), report::toString);
    for (String name : List.of("f", "g", "h", "i")) {
      write("here", name, name);
    }
    await(() -> engine().report().state() == RootReport.State.LIVE);
    Files.delete(file("here", "i"));
    await(() -> read("there", "i").isEmpty());
    assertEquals(0, verify(TELL).unread());
  }

  @Test
  void isRefusedWhileAnotherRunsAndEndsWhenItIsCancelled() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    rot(
        "f",
        read -> {
          reading.countDown();
          try {
            cancelled.await();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });
    CompletableFuture<VerifyReport> first = engine().verify(HEAL, progress -> {});
    reading.await();

    ExecutionException refused = assertThrows(ExecutionException.class, () -> verify(HEAL));
    assertInstanceOf(VerifyRefusedException.class, refused.getCause());
    first.cancel(false);
    assertThrows(CancellationException.class, first::get);

    faults.clear();
    cancelled.countDown();
    await(() -> !engine().verify(TELL, progress -> {}).isCompletedExceptionally());
  }
}
