package dev.replicator.bench.micro;

import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Scan, stat and open by system calls on held descriptors, and by the Java library. The library
 * tells owner, mode and times by {@code unix:*} alone, so that is what it is asked for.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class TreeBenchmark {
  private static final int PAGE = 512;
  private static final String ALL = "unix:*";

  private Trial trial;
  private RelativePath path;
  private Path file;
  private Stamp stamp;

  @Setup
  public void lay() throws IOException, TreeException {
    trial = Trial.create();
    path = RelativePath.of(Trial.name(7));
    file = trial.root.resolve(Trial.name(7));
    if (trial.tree.look(path) instanceof Tree.Look.Found found) {
      stamp = found.stamp();
    }
  }

  @TearDown
  public void remove() throws IOException {
    trial.close();
  }

  /** A directory of a thousand files. */
  @Benchmark
  public void scanByTree(Blackhole taken) throws TreeException {
    try (Tree.Listing listing = trial.tree.listing(RelativePath.ROOT)) {
      List<Tree.Child> page = listing.next(PAGE);
      while (!page.isEmpty()) {
        taken.consume(page);
        page = listing.next(PAGE);
      }
    }
  }

  @Benchmark
  public void scanByJava(Blackhole taken) throws IOException {
    Files.walkFileTree(
        trial.root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path visited, BasicFileAttributes basic)
              throws IOException {
            taken.consume(Files.readAttributes(visited, ALL, LinkOption.NOFOLLOW_LINKS));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Benchmark
  public Object statByTree() throws TreeException {
    return trial.tree.look(path);
  }

  @Benchmark
  public Object statByJava() throws IOException {
    return Files.readAttributes(file, ALL, LinkOption.NOFOLLOW_LINKS);
  }

  @Benchmark
  public long openByTree() throws IOException, TreeException {
    try (SeekableByteChannel channel = trial.tree.read(path, stamp)) {
      return channel.position();
    }
  }

  @Benchmark
  public long openByJava() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return channel.position();
    }
  }
}
