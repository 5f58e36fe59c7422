package dev.replicator.fuzz;

import dev.replicator.fuzz.Fuzzer.Result;

/** Faults that the fuzzer has to find, or what it says of the decoders is worth nothing. */
public final class PlantedFuzz {
  private PlantedFuzz() {}

  /** Throws behind three comparisons that blind mutation would hardly pass together. */
  public static final class Throws {
    private Throws() {}

    public static void fuzzerTestOneInput(byte[] input) {
      if (input.length > 3 && input[0] == 'r' && input[1] == 0x55 && input[2] == (byte) 0xfe) {
        throw new IllegalStateException("planted");
      }
    }
  }

  /** Takes the length that the input claims for what has to be allocated. */
  public static final class Allocates {
    private static volatile byte[] taken = new byte[0];

    private Allocates() {}

    public static void fuzzerTestOneInput(byte[] input) {
      Fuzzed.bounded(() -> {
        if (input.length > 1) {
          taken = new byte[(input[0] & 0xff) << 18];
        }
      });
    }
  }

  /** Forgets a bit of what it read. */
  public static final class Forgets {
    private Forgets() {}

    public static void fuzzerTestOneInput(byte[] input) {
      if (input.length > 0) {
        Fuzzed.same((int) input[0], input[0] & 0x7f);
      }
    }
  }

  static boolean isFound(Result result, String words) {
    return result instanceof Result.Broken(String input, String output)
        && !input.isEmpty()
        && output.contains(words);
  }
}
