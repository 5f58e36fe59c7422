package dev.replicator.net.session;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.fuzz.Fuzzer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A stream of bytes gives the same frames, or the same broken rule, in whatever pieces it comes;
 * and every frame is the same after it was sent on.
 */
public final class FrameFuzz {
  private static final String BROKEN = "broken rule";
  private static final int STAND = 1;

  private FrameFuzz() {}

  /** The first byte says whether the session stands, the second how long a piece is. */
  public static List<byte[]> seeds() {
    byte[] text = new byte[2_000];
    Arrays.fill(text, (byte) 'x');
    return List.of(
        seed(0, encode(ControlCodec.encode(new Control.Ready(1, 7)))),
        seed(STAND, encode(ControlCodec.encode(new Control.Ping(5)))),
        seed(STAND, encode(ControlCodec.encode(new Control.Roots(List.of("site", "uploads"))))),
        seed(STAND, encode(new Frame(FrameType.MESSAGE, 0, new byte[] {1, 2, 3}))),
        seed(STAND, encode(new Frame(FrameType.MESSAGE, 3, text))));
  }

  private static byte[] seed(int stands, byte[] stream) {
    return Fuzzer.seed(stands, Fuzzer.seed(3, stream));
  }

  private static byte[] encode(Frame frame) {
    ByteBuf buffer = FrameFormat.encode(UnpooledByteBufAllocator.DEFAULT, frame);
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes).release();
    return bytes;
  }

  /** Netty's classes take their time to be loaded, which is no input's fault. */
  public static void fuzzerInitialize() {
    seeds().forEach(FrameFuzz::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 2) {
      boolean stands = (input[0] & STAND) == STAND;
      byte[] stream = Arrays.copyOfRange(input, 2, input.length);
      Fuzzed.bounded(() -> feed(stands, 1 + (input[1] & 0x3f), stream));
    }
  }

  private static void feed(boolean stands, int piece, byte[] stream) {
    List<String> whole = frames(stands, stream.length, stream);
    Fuzzed.same(whole, frames(stands, piece, stream));
  }

  private static List<String> frames(boolean stands, int piece, byte[] stream) {
    FrameDecoder decoder = new FrameDecoder();
    if (stands) {
      decoder.allowMessages();
    }
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    List<String> told = new ArrayList<>();
    try {
      for (int start = 0; start < stream.length; start += piece) {
        int length = Math.min(piece, stream.length - start);
        channel.writeInbound(Unpooled.copiedBuffer(stream, start, length));
      }
    } catch (DecoderException e) {
      if (!(e.getCause() instanceof Violation)) {
        throw e;
      }
      told.add(BROKEN);
    }
    int place = 0;
    for (Object frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
      told.add(place++, text((Frame) frame));
    }
    try {
      channel.finishAndReleaseAll();
    } catch (DecoderException brokenOnceMore) {
      // What was left of the stream is read again at its end.
      Fuzzed.holds(told.contains(BROKEN), "broken only at the end of the stream");
    }
    return told;
  }

  private static String text(Frame frame) {
    byte[] encoded = encode(frame);
    ByteBuf behindLength =
        Unpooled.wrappedBuffer(
            encoded, FrameFormat.LENGTH_BYTES, encoded.length - FrameFormat.LENGTH_BYTES);
    Frame again = FrameFormat.decode(behindLength, behindLength.readableBytes());
    Fuzzed.same(show(frame), show(again));
    return show(frame);
  }

  private static String show(Frame frame) {
    return frame.type() + " " + frame.root() + " " + HexFormat.of().formatHex(frame.body());
  }
}
