package dev.replicator.net.pairing;

import dev.replicator.model.Bytes;
import dev.replicator.model.NodeId;
import dev.replicator.net.session.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * What the inviting node hands out once, as one line of text: where it listens, which key it will
 * show, and a secret that lets one node in.
 */
public record Invitation(
    Address address, NodeId inviter, InvitationId id, Bytes secret, long expiryMillis) {
  static final int SECRET_BYTES = 16;

  private static final String WORD = "replicator";
  private static final String PREFIX = WORD + "1.";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final int KEY_BYTES = 32;
  private static final int CHECKSUM_BYTES = 4;
  private static final int AFTER_ADDRESS_BYTES =
      KEY_BYTES + InvitationId.LENGTH_BYTES + SECRET_BYTES + Long.BYTES + CHECKSUM_BYTES;

  public Invitation {
    if (secret.length() != SECRET_BYTES) {
      throw new IllegalArgumentException("a secret of " + secret.length() + " bytes");
    }
    if (address.isWildcard() || address.port() == 0) {
      throw new IllegalArgumentException("nobody can dial " + address);
    }
  }

  /** Why a text is no invitation that can be used. */
  public enum Flaw {
    NOT_A_TOKEN,
    OTHER_VERSION,
    TRUNCATED,
    DAMAGED,
    EXPIRED
  }

  /** A text that is no invitation; the message says what to do. */
  public static final class FlawException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Flaw flaw;

    FlawException(Flaw flaw, String message) {
      super(message);
      this.flaw = flaw;
    }

    public Flaw flaw() {
      return flaw;
    }
  }

  /** The text that {@link #parse} reads: safe in a shell and in a URL. */
  public String token() {
    byte[] host = address.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(1 + 1 + host.length + AFTER_ADDRESS_BYTES);
    // Two bytes: a host name may be longer than one byte counts.
    out.putShort((short) host.length).put(host);
    out.put(inviter.fingerprint().octets().toArray());
    out.put(id.octets().toArray()).put(secret.toArray()).putLong(expiryMillis);
    out.put(checksum(out.array(), out.position()));
    return PREFIX + BASE64.encodeToString(out.array());
  }

  /** Reads a token at {@code nowMillis}. */
  public static Invitation parse(String text, long nowMillis) throws FlawException {
    String token = text.strip();
    if (!token.startsWith(PREFIX)) {
      throw otherThanOurs(token);
    }
    String text64 = token.substring(PREFIX.length());
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text64);
    } catch (IllegalArgumentException e) {
      throw damagedOrCut();
    }
    if (bytes.length < 2) {
      throw damagedOrCut();
    }
    int hostBytes = ByteBuffer.wrap(bytes).getShort() & 0xffff;
    int length = 2 + hostBytes + AFTER_ADDRESS_BYTES;
    if (bytes.length < length) {
      throw damagedOrCut();
    }
    int summed = length - CHECKSUM_BYTES;
    byte[] sum = Arrays.copyOfRange(bytes, summed, length);
    // The last character may carry bits that decode to nothing: only the one spelling counts.
    boolean canonical = BASE64.encodeToString(bytes).equals(text64);
    if (bytes.length > length
        || !canonical
        || !MessageDigest.isEqual(sum, checksum(bytes, summed))) {
      throw new FlawException(
          Flaw.DAMAGED, "the token is damaged: one of its characters is wrong; copy it once more");
    }
    Invitation invitation = read(bytes, hostBytes);
    if (nowMillis >= invitation.expiryMillis) {
      throw new FlawException(
          Flaw.EXPIRED, "the token has expired: ask for a new one (replicator invite)");
    }
    return invitation;
  }

  private static Invitation read(byte[] bytes, int hostBytes) throws FlawException {
    ByteBuffer in = ByteBuffer.wrap(bytes).position(2);
    try {
      Address address = Address.parse(new String(take(in, hostBytes), StandardCharsets.UTF_8));
      return new Invitation(
          address,
          NodeId.of(take(in, KEY_BYTES)),
          new InvitationId(Bytes.copyOf(take(in, InvitationId.LENGTH_BYTES))),
          Bytes.copyOf(take(in, SECRET_BYTES)),
          in.getLong());
    } catch (IllegalArgumentException e) {
      throw new FlawException(Flaw.DAMAGED, "the token names no address: " + e.getMessage());
    }
  }

  private static FlawException otherThanOurs(String token) {
    int dot = token.indexOf('.');
    if (token.startsWith(WORD) && dot > WORD.length()) {
      return new FlawException(
          Flaw.OTHER_VERSION,
          "the token is of another version: bring both nodes to one release of replicator");
    }
    if (PREFIX.startsWith(token) && !token.isEmpty()) {
      return damagedOrCut();
    }
    return new FlawException(
        Flaw.NOT_A_TOKEN,
        "this is no token: one starts with \"" + PREFIX + "\" (replicator invite prints it)");
  }

  private static FlawException damagedOrCut() {
    return new FlawException(Flaw.TRUNCATED, "the token is cut off: copy the whole line once more");
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static byte[] checksum(byte[] bytes, int length) {
    return Arrays.copyOf(Proof.sha256(Arrays.copyOf(bytes, length)), CHECKSUM_BYTES);
  }

  /** The secret never shows in a log. */
  @Override
  public String toString() {
    return "Invitation[" + address + " " + id + "]";
  }
}
