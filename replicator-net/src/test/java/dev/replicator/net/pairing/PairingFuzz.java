package dev.replicator.net.pairing;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.fuzz.Fuzzer;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.net.identity.KeyText;
import dev.replicator.net.session.Address;
import dev.replicator.net.session.Peer;
import dev.replicator.proto.PairingSummary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** All that is read while two nodes pair, and the texts that people carry from one to the other. */
public final class PairingFuzz {
  private static final long BEFORE_EXPIRY = Long.MIN_VALUE;
  private static final NodeId NODE = NodeId.of(new byte[32]);
  private static final InvitationId ID =
      new InvitationId(Bytes.copyOf(new byte[InvitationId.LENGTH_BYTES]));
  private static final int KINDS = 7;

  private PairingFuzz() {}

  /** The first byte chooses the reader. */
  public static List<byte[]> seeds() {
    Invitation invitation =
        new Invitation(Address.parse("web1:7411"), NODE, ID, Bytes.copyOf(new byte[16]), 1L << 41);
    TreeSummary.Item item =
        new TreeSummary.Item(
            RelativePath.of("a/b"), EntryType.FILE, 5, Optional.of(Digest.of(new byte[32])));
    byte[] payload =
        Base64.getUrlDecoder().decode(invitation.token().substring("replicator1.".length()));
    return List.of(
        Fuzzer.seed(
            0,
            PairingCodec.encode(
                new PairingCodec.Request(
                    1, ID, new byte[32], "web2", "web2:7411", List.of("site"), true))),
        Fuzzer.seed(
            1,
            PairingCodec.encode(
                new PairingCodec.Answer(
                    Optional.empty(),
                    "",
                    "web1",
                    List.of(new Peer("web3", "web3:7411", NODE)),
                    List.of("site")))),
        Fuzzer.seed(
            1, PairingCodec.encode(PairingCodec.Answer.refused(Refusal.EXPIRED, "too late"))),
        Fuzzer.seed(
            2,
            PairingSummary.newBuilder()
                .setRoot("site")
                .addItems(PairingCodec.value(item))
                .setLast(true)
                .build()
                .toByteArray()),
        Fuzzer.seed(3, Fuzzer.seed(invitation.token())),
        Fuzzer.seed(4, Arrays.copyOf(payload, payload.length - 4)),
        Fuzzer.seed(5, Fuzzer.seed("[2001:db8::7%eth0]:7411")),
        Fuzzer.seed(5, Fuzzer.seed("*:0")),
        Fuzzer.seed(6, Fuzzer.seed(KeyText.print(NODE))));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      Fuzzed.bounded(() -> read(Math.floorMod(input[0], KINDS), Fuzzer.rest(input)));
    }
  }

  private static void read(int kind, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    switch (kind) {
      case 0 -> again(bytes, octets -> PairingCodec.encode(PairingCodec.request(octets)));
      case 1 -> again(bytes, octets -> PairingCodec.encode(PairingCodec.answer(octets)));
      case 2 -> summary(bytes);
      case 3 -> token(text);
      case 4 -> token(withChecksum(bytes));
      case 5 -> address(text);
      default -> key(text);
    }
  }

  private interface Rewriting {
    byte[] apply(byte[] bytes) throws PairingCodec.Malformed;
  }

  private static void again(byte[] bytes, Rewriting rewriting) {
    byte[] once;
    try {
      once = rewriting.apply(bytes);
    } catch (PairingCodec.Malformed refused) {
      return;
    }
    try {
      Fuzzed.holds(Arrays.equals(once, rewriting.apply(once)), "said in another way once more");
    } catch (PairingCodec.Malformed broken) {
      throw new AssertionError("what was encoded cannot be read", broken);
    }
  }

  private static void summary(byte[] bytes) {
    try {
      PairingCodec.Part part = PairingCodec.part(bytes);
      PairingSummary.Builder value =
          PairingSummary.newBuilder().setRoot(part.root()).setLast(part.last());
      part.items().forEach(item -> value.addItems(PairingCodec.value(item)));
      Fuzzed.same(part, PairingCodec.part(value.build().toByteArray()));
    } catch (PairingCodec.Malformed refused) {
      // The one answer to bytes that are no summary.
    }
  }

  private static void token(String text) {
    try {
      Invitation invitation = Invitation.parse(text, BEFORE_EXPIRY);
      Fuzzed.same(invitation, Invitation.parse(invitation.token(), BEFORE_EXPIRY));
    } catch (Invitation.FlawException refused) {
      // It says what to do.
    }
  }

  /** Else the fuzzer would never get behind the checksum. */
  private static String withChecksum(byte[] payload) {
    byte[] token = Arrays.copyOf(payload, payload.length + 4);
    System.arraycopy(Proof.sha256(payload), 0, token, payload.length, 4);
    return "replicator1." + Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  private static void address(String text) {
    try {
      Address address = Address.parse(text);
      Fuzzed.same(address, Address.parse(address.toString()));
    } catch (IllegalArgumentException refused) {
      Fuzzed.holds(
          String.valueOf(refused.getMessage()).chars().noneMatch(Character::isISOControl),
          "a reason with control characters");
    }
  }

  private static void key(String text) {
    try {
      Fuzzed.same(text.strip(), KeyText.print(KeyText.parse(text)));
    } catch (IllegalArgumentException refused) {
      // It says what is wrong.
    }
  }
}
