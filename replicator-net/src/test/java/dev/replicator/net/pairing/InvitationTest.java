package dev.replicator.net.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.session.Address;
import org.junit.jupiter.api.Test;

final class InvitationTest {
  private static final long NOW = 1_000_000;
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final Invitation invitation =
      new Invitation(
          Address.parse("web1.example.org:7411"),
          NodeKey.ephemeral().node(),
          new InvitationId(Bytes.copyOf(new byte[8])),
          Bytes.copyOf(new byte[16]),
          NOW + 1);

  private static Invitation.Flaw flawOf(String token) {
    return assertThrows(
            Invitation.FlawException.class, () -> Invitation.parse(token, NOW), "token " + token)
        .flaw();
  }

  @Test
  void readsWhatItPrintsWithBlanksAroundIt() throws Exception {
    assertEquals(invitation, Invitation.parse("  " + invitation.token() + "\n", NOW));
  }

  @Test
  void isSafeInAShellAndAUrl() {
    assertTrue(invitation.token().matches("replicator1\\.[A-Za-z0-9_-]+"));
  }

  @Test
  void noticesEveryTruncation() {
    String token = invitation.token();
    for (int length = 1; length < token.length(); length++) {
      assertEquals(Invitation.Flaw.TRUNCATED, flawOf(token.substring(0, length)));
    }
  }

  @Test
  void noticesEveryWrongCharacter() {
    String token = invitation.token();
    for (int place = "replicator1.".length(); place < token.length(); place++) {
      for (char other : ALPHABET.toCharArray()) {
        if (other != token.charAt(place)) {
          Invitation.Flaw flaw =
              flawOf(token.substring(0, place) + other + token.substring(place + 1));
          assertTrue(
              flaw == Invitation.Flaw.DAMAGED || flaw == Invitation.Flaw.TRUNCATED,
              flaw + " " + place);
        }
      }
    }
  }

  @Test
  void tellsAnotherVersionFromNoTokenAtAll() {
    assertEquals(Invitation.Flaw.OTHER_VERSION, flawOf("replicator2.AAAA"));
    assertEquals(Invitation.Flaw.NOT_A_TOKEN, flawOf("SHA256:AAAA"));
    assertEquals(Invitation.Flaw.NOT_A_TOKEN, flawOf(""));
    assertEquals(Invitation.Flaw.DAMAGED, flawOf(invitation.token() + "AAAA"));
  }

  @Test
  void expires() {
    assertEquals(
        Invitation.Flaw.EXPIRED,
        assertThrows(
                Invitation.FlawException.class, () -> Invitation.parse(invitation.token(), NOW + 1))
            .flaw());
  }

  @Test
  void keepsItsSecretOutOfLogs() {
    assertFalse(invitation.toString().contains(invitation.secret().toHex()));
  }
}
