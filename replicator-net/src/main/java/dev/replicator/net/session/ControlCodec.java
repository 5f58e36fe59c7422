package dev.replicator.net.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.replicator.model.Digest;
import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import dev.replicator.proto.PeerValue;
import dev.replicator.proto.SessionFence;
import dev.replicator.proto.SessionFenceAnswer;
import dev.replicator.proto.SessionGoodbye;
import dev.replicator.proto.SessionMembers;
import dev.replicator.proto.SessionOpen;
import dev.replicator.proto.SessionPing;
import dev.replicator.proto.SessionPong;
import dev.replicator.proto.SessionReady;
import dev.replicator.proto.SessionRefused;
import dev.replicator.proto.SessionRoots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Control frames as bytes, bounded. Nobody else here but {@link FenceCodec} knows generated code.
 */
public final class ControlCodec {
  private ControlCodec() {}

  static Frame encode(Control control) {
    return switch (control) {
      case Control.Open open -> frame(FrameType.OPEN, openValue(open).toByteArray());
      case Control.Ready(int version, long session) ->
          frame(
              FrameType.READY,
              SessionReady.newBuilder()
                  .setVersion(version)
                  .setSession(session)
                  .build()
                  .toByteArray());
      case Control.Refused(Control.Refusal reason, String text) ->
          frame(
              FrameType.REFUSED,
              SessionRefused.newBuilder()
                  .setReasonValue(reason.ordinal())
                  .setText(text)
                  .build()
                  .toByteArray());
      case Control.Goodbye(Control.Farewell reason, String text) ->
          frame(
              FrameType.GOODBYE,
              SessionGoodbye.newBuilder()
                  .setReasonValue(reason.ordinal())
                  .setText(text)
                  .build()
                  .toByteArray());
      case Control.Ping(long token) ->
          frame(FrameType.PING, SessionPing.newBuilder().setToken(token).build().toByteArray());
      case Control.Pong(long token) ->
          frame(FrameType.PONG, SessionPong.newBuilder().setToken(token).build().toByteArray());
      case Control.Roots(List<String> names) ->
          frame(
              FrameType.ROOTS, SessionRoots.newBuilder().addAllNames(names).build().toByteArray());
      case Control.Members(List<Peer> peers) ->
          frame(
              FrameType.MEMBERS,
              SessionMembers.newBuilder()
                  .addAllPeers(peers.stream().map(ControlCodec::value).toList())
                  .build()
                  .toByteArray());
      case Control.Fence(long id, FenceRequest request) ->
          frame(FrameType.FENCE, FenceCodec.value(id, request).toByteArray());
      case Control.FenceAnswered(long id, FenceAnswer answer) ->
          frame(FrameType.FENCE_ANSWER, FenceCodec.value(id, answer).toByteArray());
    };
  }

  /** Reads a control frame; a message is none. */
  static Control decode(Frame frame) {
    try {
      return switch (frame.type()) {
        case OPEN -> open(SessionOpen.parseFrom(frame.body()));
        case READY -> ready(SessionReady.parseFrom(frame.body()));
        case REFUSED -> refused(SessionRefused.parseFrom(frame.body()));
        case GOODBYE -> goodbye(SessionGoodbye.parseFrom(frame.body()));
        case PING -> new Control.Ping(SessionPing.parseFrom(frame.body()).getToken());
        case PONG -> new Control.Pong(SessionPong.parseFrom(frame.body()).getToken());
        case ROOTS -> roots(SessionRoots.parseFrom(frame.body()));
        case MEMBERS -> members(SessionMembers.parseFrom(frame.body()));
        case FENCE -> FenceCodec.request(SessionFence.parseFrom(fenceBody(frame)));
        case FENCE_ANSWER -> FenceCodec.answer(SessionFenceAnswer.parseFrom(fenceBody(frame)));
        case MESSAGE -> throw new Violation("a message where a control frame was expected");
      };
    } catch (InvalidProtocolBufferException e) {
      throw new Violation("a " + frame.type() + " frame that cannot be read", e);
    }
  }

  private static byte[] fenceBody(Frame frame) {
    if (frame.body().length > SessionLimits.FENCE_BYTES_MAX) {
      throw new Violation("a " + frame.type() + " frame of " + frame.body().length + " bytes");
    }
    return frame.body();
  }

  /** A peer as pairing and sessions carry it. */
  public static PeerValue value(Peer peer) {
    return PeerValue.newBuilder()
        .setName(peer.name())
        .setAddress(peer.address())
        .setKey(ByteString.copyFrom(peer.node().fingerprint().octets().toArray()))
        .build();
  }

  /**
   * Peers that somebody else names.
   *
   * @throws IllegalArgumentException when there are too many, or one of them cannot be
   */
  public static List<Peer> peers(List<PeerValue> values) {
    if (values.size() > Limits.PEERS_MAX) {
      throw new IllegalArgumentException(values.size() + " peers");
    }
    List<Peer> peers = new ArrayList<>();
    for (PeerValue value : values) {
      if (value.getKey().size() != Digest.LENGTH_BYTES) {
        throw new IllegalArgumentException("a key of " + value.getKey().size() + " bytes");
      }
      NodeId node = NodeId.of(value.getKey().toByteArray());
      peers.add(new Peer(name(value.getName()), value.getAddress(), node));
    }
    return peers;
  }

  /**
   * Names of roots that somebody else has.
   *
   * @throws IllegalArgumentException when there are too many, or one of them cannot be
   */
  public static List<String> rootNames(List<String> names) {
    if (names.size() > Limits.ROOTS_MAX) {
      throw new IllegalArgumentException(names.size() + " roots");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isEmpty() || !name(name).equals(name) || !seen.add(name)) {
        throw new IllegalArgumentException("a name of a root that cannot be");
      }
    }
    return List.copyOf(names);
  }

  /** A name that somebody else chose, fit to be shown. */
  public static String name(String text) {
    if (text.length() > SessionLimits.NAME_CHARACTERS_MAX) {
      throw new IllegalArgumentException("a name of " + text.length() + " characters");
    }
    return Text.printable(text);
  }

  private static Frame frame(FrameType type, byte[] body) {
    return new Frame(type, 0, body);
  }

  private static SessionOpen openValue(Control.Open open) {
    return SessionOpen.newBuilder()
        .setVersionFrom(open.versionFrom())
        .setVersionTo(open.versionTo())
        .setVersionMinor(open.versionMinor())
        .setName(open.name())
        .setSoftware(open.software())
        .setFrameBytesMax(open.frameBytesMax())
        .setInstance(open.instance())
        .setLastSession(open.lastSession())
        .build();
  }

  private static Control open(SessionOpen value) {
    try {
      return new Control.Open(
          value.getVersionFrom(),
          value.getVersionTo(),
          value.getVersionMinor(),
          name(value.getName()),
          name(value.getSoftware()),
          value.getFrameBytesMax(),
          value.getInstance(),
          value.getLastSession());
    } catch (IllegalArgumentException e) {
      throw new Violation("an OPEN frame with " + e.getMessage(), e);
    }
  }

  private static Control ready(SessionReady value) {
    return new Control.Ready(value.getVersion(), value.getSession());
  }

  private static Control refused(SessionRefused value) {
    return new Control.Refused(
        of(Control.Refusal.values(), value.getReasonValue(), Control.Refusal.OTHER),
        Text.printable(value.getText()));
  }

  private static Control goodbye(SessionGoodbye value) {
    return new Control.Goodbye(
        of(Control.Farewell.values(), value.getReasonValue(), Control.Farewell.OTHER),
        Text.printable(value.getText()));
  }

  private static Control roots(SessionRoots value) {
    try {
      return new Control.Roots(rootNames(value.getNamesList()));
    } catch (IllegalArgumentException e) {
      throw new Violation("a ROOTS frame with " + e.getMessage(), e);
    }
  }

  private static Control members(SessionMembers value) {
    try {
      return new Control.Members(peers(value.getPeersList()));
    } catch (IllegalArgumentException e) {
      throw new Violation("a MEMBERS frame with " + e.getMessage(), e);
    }
  }

  private static <E> E of(E[] values, int number, E otherwise) {
    return number >= 0 && number < values.length ? values[number] : otherwise;
  }
}
