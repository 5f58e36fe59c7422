package dev.replicator.net.pairing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.net.session.ControlCodec;
import dev.replicator.net.session.Peer;
import dev.replicator.net.session.Text;
import dev.replicator.proto.PairingAnswer;
import dev.replicator.proto.PairingRequest;
import dev.replicator.proto.PairingSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is said while pairing as bytes: the only user of the generated classes in this package. */
final class PairingCodec {
  static final int VERSION = 1;

  private PairingCodec() {}

  /** Bytes that are not what was expected; the text quotes nothing of them. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String reason, Throwable cause) {
      super(reason, cause);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // compared in constant time, never by equals
  record Request(
      int version,
      InvitationId invitation,
      byte[] proof,
      String name,
      String listen,
      List<String> roots,
      boolean dryRun) {}

  /** The inviter's word: a refusal, or who it is and whom it knows. */
  record Answer(
      Optional<Refusal> refusal, String text, String name, List<Peer> peers, List<String> roots) {
    static Answer refused(Refusal refusal, String text) {
      return new Answer(Optional.of(refusal), text, "", List.of(), List.of());
    }
  }

  record Part(String root, List<TreeSummary.Item> items, boolean last) {}

  static byte[] encode(Request request) {
    return PairingRequest.newBuilder()
        .setVersion(request.version())
        .setInvitation(bytes(request.invitation().octets()))
        .setProof(ByteString.copyFrom(request.proof()))
        .setName(request.name())
        .setListen(request.listen())
        .addAllRoots(request.roots())
        .setDryRun(request.dryRun())
        .build()
        .toByteArray();
  }

  static Request request(byte[] bytes) throws Malformed {
    try {
      PairingRequest value = PairingRequest.parseFrom(bytes);
      return new Request(
          value.getVersion(),
          new InvitationId(Bytes.copyOf(value.getInvitation().toByteArray())),
          value.getProof().toByteArray(),
          ControlCodec.name(value.getName()),
          value.getListen(),
          ControlCodec.rootNames(value.getRootsList()),
          value.getDryRun());
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new Malformed("a request to pair that cannot be read", e);
    }
  }

  static byte[] encode(Answer answer) {
    PairingAnswer.Builder value =
        PairingAnswer.newBuilder()
            .setRefusal(
                answer.refusal().map(PairingCodec::value).orElse(PairingAnswer.Refusal.NONE))
            .setText(answer.text())
            .setName(answer.name())
            .addAllRoots(answer.roots());
    answer.peers().forEach(peer -> value.addPeers(ControlCodec.value(peer)));
    return value.build().toByteArray();
  }

  static Answer answer(byte[] bytes) throws Malformed {
    try {
      PairingAnswer value = PairingAnswer.parseFrom(bytes);
      return new Answer(
          refusal(value.getRefusal()),
          Text.printable(value.getText()),
          ControlCodec.name(value.getName()),
          ControlCodec.peers(value.getPeersList()),
          ControlCodec.rootNames(value.getRootsList()));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new Malformed("an answer that cannot be read", e);
    }
  }

  static PairingSummary.Item value(TreeSummary.Item item) {
    return PairingSummary.Item.newBuilder()
        .setPath(ByteString.copyFrom(item.path().toArray()))
        .setType(item.type().ordinal())
        .setSize(item.size())
        .setDigest(item.digest().map(digest -> bytes(digest.octets())).orElse(ByteString.EMPTY))
        .build();
  }

  static Part part(byte[] bytes) throws Malformed {
    try {
      PairingSummary value = PairingSummary.parseFrom(bytes);
      List<TreeSummary.Item> items = new ArrayList<>(value.getItemsCount());
      for (PairingSummary.Item item : value.getItemsList()) {
        items.add(item(item));
      }
      return new Part(value.getRoot(), items, value.getLast());
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new Malformed("a summary that cannot be read", e);
    }
  }

  private static TreeSummary.Item item(PairingSummary.Item item) {
    EntryType[] types = EntryType.values();
    if (item.getType() < 0 || item.getType() >= types.length || item.getSize() < 0) {
      throw new IllegalArgumentException("an item that cannot be");
    }
    Optional<Digest> digest =
        item.getDigest().isEmpty()
            ? Optional.empty()
            : Optional.of(Digest.of(item.getDigest().toByteArray()));
    return new TreeSummary.Item(
        RelativePath.of(item.getPath().toByteArray()),
        types[item.getType()],
        item.getSize(),
        digest);
  }

  private static PairingAnswer.Refusal value(Refusal refusal) {
    return switch (refusal) {
      case UNKNOWN_INVITATION -> PairingAnswer.Refusal.UNKNOWN_INVITATION;
      case USED -> PairingAnswer.Refusal.USED;
      case EXPIRED -> PairingAnswer.Refusal.EXPIRED;
      case BAD_PROOF -> PairingAnswer.Refusal.BAD_PROOF;
      case RATE_LIMITED -> PairingAnswer.Refusal.RATE_LIMITED;
      case VERSION -> PairingAnswer.Refusal.VERSION;
      case WRONG_KEY, NONE_OPEN, UNREACHABLE, BROKEN, OTHER -> PairingAnswer.Refusal.OTHER;
    };
  }

  private static Optional<Refusal> refusal(PairingAnswer.Refusal value) {
    return switch (value) {
      case NONE -> Optional.empty();
      case UNKNOWN_INVITATION -> Optional.of(Refusal.UNKNOWN_INVITATION);
      case USED -> Optional.of(Refusal.USED);
      case EXPIRED -> Optional.of(Refusal.EXPIRED);
      case BAD_PROOF -> Optional.of(Refusal.BAD_PROOF);
      case RATE_LIMITED -> Optional.of(Refusal.RATE_LIMITED);
      case VERSION -> Optional.of(Refusal.VERSION);
      case OTHER, UNRECOGNIZED -> Optional.of(Refusal.OTHER);
    };
  }

  private static ByteString bytes(Bytes octets) {
    return ByteString.copyFrom(octets.toArray());
  }
}
