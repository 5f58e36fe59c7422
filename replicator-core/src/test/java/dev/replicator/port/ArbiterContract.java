package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.port.Arbiter.Cut;
import dev.replicator.port.Arbiter.Verdict;
import org.junit.jupiter.api.Test;

/** What every arbiter keeps, asked on both nodes of the pair web1 and web2 after one cut. */
public abstract class ArbiterContract {
  /** Of data that both nodes hold whole, as DRBD prints it. */
  protected static final String GENERATION =
      "8C2D2A8F8C1E4A11:0000000000000000:1A2B3C4D5E6F7081:0000000000000004:1:1:1:0:0:0:0";

  /** The one on web1, which is granted when it asks first. */
  protected abstract Arbiter onFirst();

  /** The one on web2. */
  protected abstract Arbiter onSecond();

  private static Cut cut(String node) {
    return new Cut("r0", node, GENERATION);
  }

  @Test
  void grantsOneOfTwo() {
    assertEquals(Verdict.GRANTED, onFirst().fence(cut("web2")));
    assertEquals(Verdict.REFUSED, onSecond().fence(cut("web1")));
  }

  @Test
  void answersTheSameWhenItIsAskedAgain() {
    assertEquals(Verdict.GRANTED, onFirst().fence(cut("web2")));
    assertEquals(Verdict.GRANTED, onFirst().fence(cut("web2")));
    assertEquals(Verdict.REFUSED, onSecond().fence(cut("web1")));
    assertEquals(Verdict.REFUSED, onSecond().fence(cut("web1")));
    assertEquals(Verdict.GRANTED, onFirst().fence(cut("web2")));
  }

  @Test
  void grantsNobodyToFenceItselfOrAStranger() {
    assertEquals(Verdict.REFUSED, onFirst().fence(cut("web1")));
    assertEquals(Verdict.REFUSED, onFirst().fence(cut("web9")));
  }

  @Test
  void knowsNoResourceThatIsNotConfigured() {
    assertEquals(Verdict.REFUSED, onFirst().fence(new Cut("r1", "web2", GENERATION)));
  }
}
