package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The schedules of decision 0012, one by one. */
final class ArbitrationTest {
  private static final NodeId A = Nodes.of(1);
  private static final NodeId B = Nodes.of(2);
  private static final NodeId ARBITER = Nodes.of(3);
  private static final long OLD = 0x10;
  private static final long NEW = 0x20;

  private Arbitration arbitration = Arbitration.fresh(ARBITER);

  private FenceAnswer ask(NodeId asker, FenceRequest request) {
    Arbitration.Decided decided = arbitration.decide(asker, request);
    arbitration = decided.next();
    return decided.answer();
  }

  private static NodeId other(NodeId node) {
    return node.equals(A) ? B : A;
  }

  private Verdict fence(NodeId asker, long generation) {
    return ask(asker, new FenceRequest.Fence("r0", other(asker), generation)).verdict();
  }

  private long look(NodeId asker) {
    return ask(asker, new FenceRequest.Look("r0", other(asker))).number();
  }

  private void together(NodeId asker, long generation, long number) {
    ask(asker, new FenceRequest.Together("r0", other(asker), generation, number));
  }

  private void bothTogether(long generation) {
    together(A, generation, look(A));
    together(B, generation, look(B));
  }

  @Test
  void grantsNobodyBeforeBothSaidThatTheyWereTogether() {
    assertEquals(Verdict.NOT_ABLE, fence(A, OLD));
    together(A, OLD, 0);
    assertEquals(Verdict.NOT_ABLE, fence(A, OLD));
    assertEquals(Verdict.NOT_ABLE, fence(B, OLD));
    together(B, OLD, 0);
    assertEquals(Verdict.GRANTED, fence(B, OLD));
    assertEquals(Verdict.REFUSED, fence(A, OLD));
  }

  @Test
  void keepsTheOtherOneOutUntilTheHolderSawBothUpToDateAgain() {
    bothTogether(OLD);
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    together(B, NEW, look(B));
    assertEquals(Verdict.REFUSED, fence(B, NEW));
    together(A, NEW, look(A));
    assertEquals(Verdict.GRANTED, fence(B, NEW));
  }

  /** The end of a sync is seen by its target first: the source still goes on without asking. */
  @Test
  void grantsNothingToTheTargetOfASyncBeforeItsSourceHasSeenTheEnd() {
    bothTogether(OLD);
    ask(A, new FenceRequest.Apart("r0", B));
    together(B, NEW, 0);
    assertEquals(Verdict.NOT_ABLE, fence(B, NEW));
  }

  @Test
  void takesNoWordThatIsOlderThanTheLastGrant() {
    bothTogether(OLD);
    long before = look(A);
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    together(A, OLD, before);
    together(B, OLD, before);
    assertEquals(Verdict.REFUSED, fence(B, OLD));
  }

  /** The link was back before the answer, and no generation began: the same one is cut again. */
  @Test
  void numbersEachGrantAlsoOfTheSameGeneration() {
    bothTogether(OLD);
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    long heard = look(A);
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    together(A, OLD, heard);
    together(B, OLD, heard);
    assertEquals(Verdict.REFUSED, fence(B, OLD));
  }

  @Test
  void answersNoOldCutAsANewOne() {
    bothTogether(OLD);
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    bothTogether(NEW);
    assertEquals(Verdict.NOT_ABLE, fence(B, OLD));
    assertEquals(Verdict.GRANTED, fence(A, NEW));
  }

  @Test
  void grantsTheHolderAgain() {
    bothTogether(OLD);
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    assertEquals(Verdict.REFUSED, fence(B, OLD));
  }

  /**
   * B was granted and never heard of it, both met again, B left in order: so A went on and asked
   * nobody. B was synced, and the link was cut before A saw the end of that.
   */
  @Test
  void grantsTheHolderOfAnUnusedGrantNothingAtALaterGeneration() {
    bothTogether(OLD);
    assertEquals(Verdict.GRANTED, fence(B, OLD));
    ask(A, new FenceRequest.Apart("r0", B));
    assertEquals(Verdict.NOT_ABLE, fence(B, NEW));
  }

  @Test
  void aGrantUsesUpWhatWasSaidBeforeIt() {
    bothTogether(OLD);
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    together(A, OLD, look(A));
    assertEquals(Verdict.NOT_ABLE, fence(B, OLD));
    together(B, OLD, look(B));
    assertEquals(Verdict.GRANTED, fence(B, OLD));
  }

  @Test
  void forgetsWhatOneSaidWhenItFellBehind() {
    bothTogether(OLD);
    ask(B, new FenceRequest.Apart("r0", A));
    assertEquals(Verdict.NOT_ABLE, fence(A, OLD));
    assertEquals(Verdict.NOT_ABLE, fence(B, OLD));
  }

  @Test
  void fallingBehindEndsNoGrant() {
    bothTogether(OLD);
    assertEquals(Verdict.GRANTED, fence(A, OLD));
    ask(A, new FenceRequest.Apart("r0", B));
    ask(B, new FenceRequest.Apart("r0", A));
    assertEquals(Verdict.REFUSED, fence(B, OLD));
  }

  @Test
  void isNeverOneOfThePairNorGrantsANodeToFenceItself() {
    assertEquals(Verdict.REFUSED, ask(A, new FenceRequest.Fence("r0", A, OLD)).verdict());
    assertEquals(Verdict.REFUSED, ask(A, new FenceRequest.Fence("r0", ARBITER, OLD)).verdict());
    assertEquals(Verdict.REFUSED, ask(ARBITER, new FenceRequest.Fence("r0", A, OLD)).verdict());
    assertEquals(Map.of(), arbitration.pairs());
  }

  @Test
  void keepsResourcesAndPairsApart() {
    bothTogether(OLD);
    assertEquals(Verdict.NOT_ABLE, ask(A, new FenceRequest.Fence("r1", B, OLD)).verdict());
    assertEquals(
        Verdict.NOT_ABLE, ask(A, new FenceRequest.Fence("r0", Nodes.of(4), OLD)).verdict());
    assertEquals(
        Verdict.NOT_ABLE, ask(Nodes.of(4), new FenceRequest.Fence("r0", A, OLD)).verdict());
  }

  @Test
  void remembersNoMorePairsOfANodeThanItMay() {
    for (int i = 0; i < Limits.FENCE_PAIRS_OF_NODE_MAX; i++) {
      ask(A, new FenceRequest.Together("r" + i, B, OLD, 0));
    }
    FenceRequest more = new FenceRequest.Together("more", B, OLD, 0);
    assertEquals(Verdict.NOT_ABLE, ask(A, more).verdict());
    assertEquals(Limits.FENCE_PAIRS_OF_NODE_MAX, arbitration.pairs().size());
    ask(A, new FenceRequest.Apart("r1", B));
    assertEquals(Verdict.NOTED, ask(A, more).verdict());
  }

  @Test
  void readsWhatItWroteAndNothingElse() throws UnreadableException {
    bothTogether(OLD);
    fence(A, OLD);
    together(B, -NEW, look(B));
    ask(B, new FenceRequest.Together("r1", Nodes.of(9), OLD, 0));
    String text = ArbitrationText.write(arbitration);
    assertEquals(arbitration, ArbitrationText.read(ARBITER, text));
    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      assertThrows(UnreadableException.class, () -> ArbitrationText.read(ARBITER, cut));
    }
    for (int place = 0; place < text.length(); place++) {
      char[] changed = text.toCharArray();
      changed[place] ^= 1;
      String damaged = new String(changed);
      assertThrows(UnreadableException.class, () -> ArbitrationText.read(ARBITER, damaged));
    }
  }
}
