package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The judge of {@link KillProof} sees what it is there to see. */
class TokensTest {
  private static final Set<String> FIXED = Set.of("flat");
  private final Tokens tokens = new Tokens();

  private List<String> violations(Map<String, String> showing, String... kept) {
    return tokens.violations(new TreeMap<>(showing), Set.of(kept), FIXED);
  }

  @Test
  void missesATokenThatNobodyWroteOver() {
    tokens.wrote("flat/x", "a.1");
    tokens.wrote("flat/x", "b.1");

    assertEquals(List.of("lost: b.1 of flat/x"), violations(Map.of("flat/x", "a.1")));
    assertEquals(List.of(), violations(Map.of("flat/x", "a.1"), "b.1"));
  }

  @Test
  void seesATokenThatCameBack() {
    tokens.wrote("flat/x", "a.1");
    tokens.over("a.1");

    assertEquals(List.of("came back: a.1 at flat/x"), violations(Map.of("flat/x", "a.1")));
    assertEquals(List.of(), violations(Map.of("moved/x", "a.1")));
    assertEquals(List.of(), violations(Map.of()));
  }

  @Test
  void seesATokenOfNobody() {
    assertEquals(List.of("of nobody: z at flat/x"), violations(Map.of("flat/x", "z")));
  }

  @Test
  void readsOnlyWhatIsWhole() {
    byte[] whole = new Marked("a.17", Marked.SHORT_BYTES).bytes();
    assertEquals(Optional.of(new Marked("a.17", Marked.SHORT_BYTES)), Marked.of(whole));

    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 1);
    byte[] mixed = whole.clone();
    mixed[500] ^= 1;
    assertEquals(Optional.empty(), Marked.of(cut));
    assertEquals(Optional.empty(), Marked.of(mixed));
    assertEquals(Optional.empty(), Marked.of(new byte[0]));
    assertEquals(Optional.empty(), Marked.of("x".getBytes(StandardCharsets.US_ASCII)));
  }
}
