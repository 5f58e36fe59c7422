package dev.replicator.block;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import dev.replicator.port.ArbiterSeat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides for pairs of other nodes, one question after the other, and remembers what it decided in
 * a file before it answers. Where the file cannot be read, or once it could not be written, it
 * decides nothing: to grant without knowing the earlier grants could let both go on.
 */
public final class ArbiterDesk implements ArbiterSeat, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ArbiterDesk.class);
  private static final int WAITING_MAX = 256;
  private static final long BYTES_MAX = 1_024 * 1_024;
  private static final long STOP_MILLIS_MAX = 2_000;

  private final Path file;
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().name("arbiter").daemon().factory());

  /** Of the worker. */
  private Arbitration known;

  /** Why nothing is decided; of the worker. */
  private Optional<String> broken = Optional.empty();

  /**
   * @param file the memory, in a directory that nobody else writes to
   */
  public ArbiterDesk(NodeId self, Path file) {
    this.file = file;
    known = Arbitration.fresh(self);
    try {
      known = read(self);
    } catch (IOException | UnreadableException failed) {
      breakOff("cannot read " + file + ": " + failed.getMessage());
    }
  }

  private Arbitration read(NodeId self) throws IOException, UnreadableException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new UnreadableException("it is longer than any that was written");
      }
      return ArbitrationText.read(self, Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException first) {
      return Arbitration.fresh(self);
    }
  }

  private void breakOff(String reason) {
    LOG.error("as an arbiter this node decides nothing any more: {}", reason);
    broken = Optional.of(reason);
  }

  @Override
  public void asked(NodeId asker, FenceRequest request, Consumer<FenceAnswer> answer) {
    try {
      worker.execute(() -> answer.accept(decide(asker, request)));
    } catch (RejectedExecutionException full) {
      answer.accept(FenceAnswer.notAble("the arbiter is busy, or stops"));
    }
  }

  private FenceAnswer decide(NodeId asker, FenceRequest request) {
    if (broken.isPresent()) {
      return FenceAnswer.notAble("the arbiter has lost its memory; its log says why");
    }
    Arbitration.Decided decided = known.decide(asker, request);
    if (!decided.next().equals(known)) {
      try {
        write(decided.next());
      } catch (IOException failed) {
        breakOff("cannot write " + file + ": " + failed);
        return FenceAnswer.notAble("the arbiter cannot remember what it decides");
      }
      known = decided.next();
    }
    if (request instanceof FenceRequest.Fence) {
      LOG.info(
          "arbiter: resource={} asker={} other={} is {}: {}",
          request.resource(),
          asker,
          request.other(),
          decided.answer().verdict(),
          decided.answer().text());
    }
    return decided.answer();
  }

  private void write(Arbitration next) throws IOException {
    Path directory = Optional.ofNullable(file.getParent()).orElseThrow();
    Path staged = directory.resolve(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            staged,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer text = StandardCharsets.ISO_8859_1.encode(ArbitrationText.write(next));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  /** Ends what it began, uninterrupted: it writes. What waits is not decided any more. */
  @Override
  public void close() {
    worker.getQueue().clear();
    worker.shutdown();
    try {
      worker.awaitTermination(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
