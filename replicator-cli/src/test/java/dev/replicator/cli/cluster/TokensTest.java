package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.cli.cluster.Kept.Listed;
import dev.replicator.cli.cluster.Kept.Where;
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

  private List<String> violations(Map<String, String> showing, Kept... nodes) {
    return tokens.violations(new TreeMap<>(showing), List.of(nodes), FIXED);
  }

  private static Kept keeps(String node, Set<String> contents, Listed... listed) {
    return new Kept(node, contents, List.of(listed));
  }

  private static Listed conflict(String path, String token) {
    return new Listed(path, token, Where.CONFLICTS);
  }

  @Test
  void missesATokenThatNobodyWroteOver() {
    tokens.wrote("flat/x", "a.1");
    tokens.wrote("flat/x", "b.1");

    assertEquals(List.of("lost: b.1 of flat/x"), violations(Map.of("flat/x", "a.1")));
    assertEquals(
        List.of("lost: b.1 of flat/x"),
        violations(Map.of("flat/x", "a.1"), keeps("a", Set.of()), keeps("b", Set.of("a.1"))));
  }

  @Test
  void takesAConflictThatBothNodesListAndHave() {
    tokens.wrote("flat/x", "a.1");
    tokens.wrote("flat/x", "b.1");
    Listed listed = conflict("flat/x", "b.1");

    assertEquals(
        List.of(),
        violations(
            Map.of("flat/x", "a.1"),
            keeps("a", Set.of("b.1"), listed),
            keeps("b", Set.of("b.1"), listed)));
  }

  @Test
  void seesASilentOverwriteThatOneVaultHas() {
    tokens.wrote("flat/x", "a.1");
    tokens.wrote("flat/x", "b.1");

    assertEquals(
        List.of(
            "not on a: b.1 of flat/x", "overwritten silently, in the vault of b: b.1 of flat/x"),
        violations(Map.of("flat/x", "a.1"), keeps("a", Set.of()), keeps("b", Set.of("b.1"))));
  }

  @Test
  void seesASilentOverwriteThoughBothVaultsHaveIt() {
    tokens.wrote("flat/x", "a.1");
    tokens.wrote("flat/x", "b.1");

    assertEquals(
        List.of(
            "overwritten silently, in the vault of a: b.1 of flat/x",
            "overwritten silently, in the vault of b: b.1 of flat/x"),
        violations(Map.of("flat/x", "a.1"), keeps("a", Set.of("b.1")), keeps("b", Set.of("b.1"))));
  }

  @Test
  void seesAConflictThatOneNodeAloneLists() {
    tokens.wrote("flat/x", "a.1");
    tokens.wrote("flat/x", "b.1");

    assertEquals(
        List.of("overwritten silently, in the vault of a: b.1 of flat/x"),
        violations(
            Map.of("flat/x", "a.1"),
            keeps("a", Set.of("b.1")),
            keeps("b", Set.of("b.1"), conflict("flat/x", "b.1"))));
  }

  @Test
  void seesAConflictWhoseContentOneNodeLacks() {
    tokens.wrote("flat/x", "a.1");
    tokens.wrote("flat/x", "b.1");

    assertEquals(
        List.of("not on a: b.1 of flat/x"),
        violations(
            Map.of("flat/x", "a.1"),
            keeps("a", Set.of()),
            keeps("b", Set.of("b.1"), conflict("flat/x", "b.1"))));
  }

  @Test
  void takesAListingOfAnotherPathOnlyWhereFilesMove() {
    tokens.wrote("flat/x", "b.1");
    tokens.wrote("moved/x/0", "b.2");
    Kept a =
        keeps("a", Set.of("b.1", "b.2"), conflict("flat/y", "b.1"), conflict("moved/y/0", "b.2"));

    assertEquals(
        List.of("overwritten silently, in the vault of a: b.1 of flat/x"), violations(Map.of(), a));
  }

  @Test
  void takesWhatWasAdoptedAndLostWhereItIsListedApart() {
    tokens.wrote("flat/x", "b.1");
    Listed apart = new Listed("flat/x", "b.1", Where.ADOPTED);

    assertEquals(
        List.of(),
        violations(Map.of(), keeps("a", Set.of("b.1"), apart), keeps("b", Set.of("b.1"), apart)));
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
