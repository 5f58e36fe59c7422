package dev.replicator.bench.micro;

import dev.replicator.host.MachineClock;
import dev.replicator.linux.LinuxWatcher;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From a write over a file to the event in another thread, the write included. The Java library
 * tells of the first change and not of the close, so it may be told earlier.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WatchBenchmark {
  private static final byte[] CONTENT = new byte[100];
  private static final int PATIENCE_SECONDS = 10;

  /** The watcher of Linux. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init")
  public static class Linux {
    private Trial trial;
    private Watcher watcher;
    private final Semaphore told = new Semaphore(0);

    @Setup
    public void start() throws IOException, TreeException {
      trial = Trial.create();
      watcher = new LinuxWatcher(trial.root, MachineClock.open());
      watcher.start(
          new Watcher.Listener() {
            @Override
            public void changed(RelativePath path) {
              told.release();
            }

            @Override
            public void appeared(RelativePath directory) {}

            @Override
            public void suspect(RelativePath scope, String reason) {}

            @Override
            public void failed(String reason) {
              throw new IllegalStateException(reason);
            }
          });
    }

    @TearDown
    public void stop() throws IOException {
      watcher.close();
      trial.close();
    }
  }

  /** The watch service of the Java library. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init")
  public static class Library {
    private Trial trial;
    private WatchService service;

    @Setup
    public void start() throws IOException, TreeException {
      trial = Trial.create();
      service = trial.root.getFileSystem().newWatchService();
      trial.root.register(service, StandardWatchEventKinds.ENTRY_MODIFY);
    }

    @TearDown
    public void stop() throws IOException {
      service.close();
      trial.close();
    }
  }

  @Benchmark
  public boolean eventByWatcher(Linux linux) throws IOException, InterruptedException {
    linux.told.drainPermits();
    write(linux.trial.root);
    return linux.told.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Benchmark
  public int eventByJava(Library library) throws IOException, InterruptedException {
    write(library.trial.root);
    WatchKey key = library.service.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (key == null) {
      throw new IOException("no event came");
    }
    int events = key.pollEvents().size();
    key.reset();
    return events;
  }

  private static void write(Path root) throws IOException {
    Files.write(root.resolve(Trial.name(7)), CONTENT);
  }
}
