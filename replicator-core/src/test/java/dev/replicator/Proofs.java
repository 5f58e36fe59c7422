package dev.replicator;

/**
 * How much a proof does. Proofs are tests whose name ends in {@code Proof}; only the profile {@code
 * proofs} runs them: {@code mvn -Pproofs test} at full size, which takes hours, with {@code
 * -Dproofs.size=bounded} the part that every build can afford.
 */
public final class Proofs {
  private static final String SIZE = System.getProperty("proofs.size", "bounded");

  private Proofs() {}

  /** Which of two sizes is wanted. */
  public static long count(long bounded, long full) {
    return switch (SIZE) {
      case "bounded" -> bounded;
      case "full" -> full;
      default -> throw new IllegalArgumentException("proofs.size is full or bounded: " + SIZE);
    };
  }

  /** Tells a figure that the proof reached; it is part of what the build prints. */
  public static void tell(String figure) {
    System.out.println("proof: " + figure);
  }
}
