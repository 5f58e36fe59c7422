package dev.replicator.bench.micro;

import dev.replicator.content.AssemblyPlan;
import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Chunker;
import dev.replicator.content.Digests;
import dev.replicator.model.ChunkList;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What becomes of the content of a file: cut, hashed, and planned from its earlier version. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class ContentBenchmark {
  /** Of what a file is read in at once. */
  private static final int PIECE_BYTES = 256 * 1_024;

  /** As a database or an archive is changed in place. */
  private static final int CHANGED_BYTES = 4 * 1_024;

  @Param({"65536", "16777216"})
  private int bytes;

  private final Chunker chunker = new Chunker();
  private byte[] content;
  private ChunkList before;
  private ChunkList after;

  @Setup
  public void write() {
    content = new byte[bytes];
    new Random(1).nextBytes(content);
    after = cut().chunks();
    byte[] earlier = content.clone();
    int middle = bytes / 2;
    Arrays.fill(earlier, middle, middle + CHANGED_BYTES, (byte) 1);
    content = earlier;
    before = cut().chunks();
  }

  private ChunkedContent cut() {
    for (int from = 0; from < content.length; from += PIECE_BYTES) {
      chunker.push(content, from, Math.min(PIECE_BYTES, content.length - from));
    }
    return chunker.finish().orElseThrow();
  }

  /** Chunks with their digests, and that of the file. */
  @Benchmark
  public Object chunk() {
    return cut();
  }

  /** One digest over all of it, as of a chunk: the part of the above that is SHA-256. */
  @Benchmark
  public Object digest() {
    return Digests.of(content);
  }

  /** After 4 KiB were changed in the middle: which chunks stand in the version before. */
  @Benchmark
  public Object delta() {
    return AssemblyPlan.of(after, before, Set.of());
  }
}
