package dev.replicator.net.session;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.fuzz.Fuzzer;
import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import java.util.List;
import java.util.stream.Stream;

/** A control frame breaks a rule, or is the same after it was sent on. */
public final class ControlFuzz {
  /** Of all frames but messages, in the order of seeds. */
  private static final int[] CODES = {1, 2, 3, 4, 5, 6, 7, 8, 10, 11};

  private ControlFuzz() {}

  /** The first byte is the type of the frame. */
  public static List<byte[]> seeds() {
    NodeId node = NodeId.of(new byte[32]);
    return Stream.of(
            new Control.Open(1, 1, 0, "web1", "replicator 1", 1 << 22, 7, 0),
            new Control.Ready(1, 9),
            new Control.Refused(Control.Refusal.VERSION, "another version"),
            new Control.Goodbye(Control.Farewell.STOPPING, "the daemon stops"),
            new Control.Ping(5),
            new Control.Pong(5),
            new Control.Roots(List.of("site", "uploads")),
            new Control.Fence(3, new FenceRequest.Fence("r0", node, 7)),
            new Control.Fence(4, new FenceRequest.Together("r0", node, -7, 2)),
            new Control.Fence(5, new FenceRequest.Apart("r0", node)),
            new Control.Fence(6, new FenceRequest.Look("r0", node)),
            new Control.FenceAnswered(3, new FenceAnswer(Verdict.GRANTED, 9, "goes on")),
            new Control.Members(
                List.of(
                    new Peer("web2", "203.0.113.7:7411", node),
                    new Peer("web3", "[2001:db8::7]:7411", node))))
        .map(ControlCodec::encode)
        .map(frame -> Fuzzer.seed(place(frame.type().code), frame.body()))
        .toList();
  }

  /** Messages have a code between, and are no control frames. */
  private static int place(int code) {
    return code > FrameType.MESSAGE.code ? code - 1 : code;
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      Fuzzed.bounded(
          () -> read(CODES[Math.floorMod(input[0] - 1, CODES.length)], Fuzzer.rest(input)));
    }
  }

  private static void read(int code, byte[] body) {
    Control control;
    try {
      control = ControlCodec.decode(new Frame(FrameType.of(code), 0, body));
    } catch (Violation broken) {
      return;
    }
    Fuzzed.same(control, ControlCodec.decode(ControlCodec.encode(control)));
    switch (control) {
      case Control.Open open -> isShown(open.name() + open.software());
      case Control.Refused refused -> isShown(refused.text());
      case Control.Goodbye goodbye -> isShown(goodbye.text());
      case Control.Roots(List<String> names) -> names.forEach(ControlFuzz::isShown);
      case Control.Members(List<Peer> peers) ->
          peers.forEach(peer -> isShown(peer.name() + peer.address()));
      case Control.FenceAnswered(long _, FenceAnswer answer) -> isShown(answer.text());
      case Control.Fence fence -> isShown(fence.request().resource());
      case Control.Ready _, Control.Ping _, Control.Pong _ -> {}
    }
  }

  /** What a peer says ends in logs and on terminals. */
  private static void isShown(String text) {
    Fuzzed.holds(text.chars().noneMatch(Character::isISOControl), "control characters remain");
  }
}
