package dev.replicator.bench.micro;

import dev.replicator.codec.CodecException;
import dev.replicator.codec.WireCodec;
import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.Record;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One change on its way to a peer, without content: encoded, decoded and merged. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class RecordBenchmark {
  /** Versions that stand beside each other: one where nothing conflicts. */
  @Param({"1", "3"})
  private int siblings;

  private Record before;
  private Record after;
  private Message message;
  private byte[] encoded;

  @Setup
  public void write() {
    before = Records.written(siblings, 1);
    after = Records.written(siblings, 2);
    message =
        new Message.Changes(
            new JournalId(Bytes.copyOf(new byte[JournalId.LENGTH_BYTES])),
            41,
            42,
            List.of(new Change(42, Records.path(7), after, 0)),
            List.of(),
            Optional.of(after.context()));
    encoded = WireCodec.encode(message);
  }

  @Benchmark
  public byte[] encode() {
    return WireCodec.encode(message);
  }

  @Benchmark
  public Object decode() throws CodecException {
    return WireCodec.decode(encoded);
  }

  /** With what supersedes all of it. */
  @Benchmark
  public Object merge() {
    return before.merge(after);
  }
}
