package dev.replicator.filter;

import dev.replicator.model.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * All patterns of a rule set as one machine that reads a path once, byte by byte.
 *
 * <p>Immutable; each walk has its own {@link Walk}.
 */
final class Automaton {
  /*
   * A non-deterministic automaton whose states are bits. Each alternative of a pattern is a chain:
   * state i says that the path so far matches its first i tokens, and a byte moves a state to the
   * next bit (shift) where the chain takes that byte (takes). '*' is no state of its own but a loop
   * on the state before it. "**" is one state that loops on every byte; as it may also stand for no
   * component, a '/' moves from the state before it to the state behind it too (skips).
   *
   * A step costs a few operations for each 64 states whatever the patterns are: nothing is tried
   * and taken back.
   *
   * Chains with "**" come first. The others are dead as soon as the path leaves their prefix, and
   * the words behind the last living one are passed over.
   */
  private static final int WORD_BITS = Long.SIZE;
  private static final int NO_RULE = -1;

  private final int words;

  /** For each byte, the states that are entered by it. */
  private final long[] takes;

  private final long[] loopsOnSlash;
  private final long[] loopsOnOther;
  private final long[] skips;
  private final long[] start;
  private final long[] accepts;
  private final long[] acceptsDirectory;

  /** For each state, the rule that it belongs to. */
  private final int[] rules;

  private Automaton(Chains chains) {
    this.words = (chains.states + WORD_BITS - 1) / WORD_BITS;
    this.takes = new long[words << Byte.SIZE];
    this.loopsOnSlash = new long[words];
    this.loopsOnOther = new long[words];
    this.skips = new long[words];
    this.start = new long[words];
    this.accepts = new long[words];
    this.acceptsDirectory = new long[words];
    this.rules = new int[words * WORD_BITS];
  }

  /**
   * Compiles {@code patterns}; the rule of each is its index.
   *
   * @throws PatternException when they are too many
   */
  static Automaton of(List<Pattern> patterns) throws PatternException {
    Chains chains = new Chains();
    for (int rule = 0; rule < patterns.size(); rule++) {
      for (int[] tokens : patterns.get(rule).alternatives()) {
        chains.add(new Chain(tokens, rule, patterns.get(rule).directoryOnly()));
      }
    }
    Automaton automaton = new Automaton(chains);
    int state = 0;
    for (Chain chain : chains.inOrder()) {
      state = automaton.build(chain, state);
    }
    return automaton;
  }

  private static final class Chain {
    private final int[] tokens;
    private final int rule;
    private final boolean directoryOnly;

    Chain(int[] tokens, int rule, boolean directoryOnly) {
      this.tokens = tokens;
      this.rule = rule;
      this.directoryOnly = directoryOnly;
    }
  }

  private static final class Chains {
    private final List<Chain> lasting = new ArrayList<>();
    private final List<Chain> dying = new ArrayList<>();
    private int states;

    void add(Chain chain) throws PatternException {
      boolean globstar = Arrays.stream(chain.tokens).anyMatch(token -> token == Pattern.GLOBSTAR);
      (globstar ? lasting : dying).add(chain);
      states += (int) Arrays.stream(chain.tokens).filter(Automaton::advances).count();
      if (states > Limits.FILTER_STATES_MAX) {
        throw new PatternException("all rules together are too long");
      }
    }

    List<Chain> inOrder() {
      List<Chain> all = new ArrayList<>(lasting);
      all.addAll(dying);
      return all;
    }
  }

  /** Whether {@code token} leads to a state of its own; the first '/' counts for the start. */
  private static boolean advances(int token) {
    return token != Pattern.STAR && token != Pattern.GLOBSTAR;
  }

  /** Lays {@code chain} from {@code first} on; tells the next free state. */
  private int build(Chain chain, int first) {
    int[] tokens = chain.tokens;
    int state = first;
    set(start, state);
    // The first token is the '/' before the path: every walk begins behind it.
    for (int index = 1; index < tokens.length; index++) {
      int token = tokens[index];
      rules[state] = chain.rule;
      switch (token) {
        case Pattern.STAR -> set(loopsOnOther, state);
        case Pattern.GLOBSTAR -> {
          // The '/' before it has led here already.
          set(loopsOnSlash, state);
          set(loopsOnOther, state);
        }
        case Pattern.ANY_BYTE -> {
          state++;
          takeOther(state);
        }
        default -> {
          boolean behindGlobstar = tokens[index - 1] == Pattern.GLOBSTAR;
          state++;
          take(token, state);
          if (behindGlobstar && index == 2) {
            set(start, state);
          } else if (behindGlobstar) {
            set(skips, state);
          }
        }
      }
    }
    rules[state] = chain.rule;
    set(chain.directoryOnly ? acceptsDirectory : accepts, state);
    return state + 1;
  }

  private static void set(long[] bits, int state) {
    bits[state / WORD_BITS] |= 1L << (state % WORD_BITS);
  }

  private void take(int octet, int state) {
    takes[octet * words + state / WORD_BITS] |= 1L << (state % WORD_BITS);
  }

  private void takeOther(int state) {
    for (int octet = 0; octet <= 0xff; octet++) {
      if (octet != '/') {
        take(octet, state);
      }
    }
  }

  /** Reads {@code path}, the raw bytes of a path below the root. */
  Walk walk(byte[] path, boolean directory) {
    Walk walk = new Walk();
    for (byte octet : path) {
      if (octet == '/') {
        walk.endComponent(true);
        walk.stepSlash();
      } else {
        walk.step(octet & 0xff);
      }
    }
    walk.endComponent(directory);
    return walk;
  }

  /** One reading of one path. */
  final class Walk {
    private final long[] live = start.clone();
    private int liveWords = words;
    private int lastRule = NO_RULE;

    /** The last rule that covers the path or a directory above it, -1 for none. */
    int lastRule() {
      return lastRule;
    }

    /**
     * Whether a rule after {@link #lastRule} that satisfies {@code wanted} may cover more below.
     */
    boolean mayCoverBelow(IntPredicate wanted) {
      stepSlash();
      for (int word = 0; word < liveWords; word++) {
        for (long bits = live[word]; bits != 0; bits &= bits - 1) {
          int rule = rules[word * WORD_BITS + Long.numberOfTrailingZeros(bits)];
          if (rule > lastRule && wanted.test(rule)) {
            return true;
          }
        }
      }
      return false;
    }

    private void step(int octet) {
      int row = octet * words;
      int top = Math.min(words - 1, liveWords);
      for (int word = top; word > 0; word--) {
        long shifted = (live[word] << 1) | (live[word - 1] >>> (WORD_BITS - 1));
        live[word] = (shifted & takes[row + word]) | (live[word] & loopsOnOther[word]);
      }
      live[0] = ((live[0] << 1) & takes[row]) | (live[0] & loopsOnOther[0]);
      passOverDead(top);
    }

    private void stepSlash() {
      int row = '/' * words;
      int top = Math.min(words - 1, liveWords);
      for (int word = top; word >= 0; word--) {
        long below = word > 0 ? live[word - 1] : 0;
        long shifted = (live[word] << 1) | (below >>> (WORD_BITS - 1));
        long skipped = (live[word] << 2) | (below >>> (WORD_BITS - 2));
        live[word] =
            (shifted & takes[row + word])
                | (skipped & skips[word])
                | (live[word] & loopsOnSlash[word]);
      }
      passOverDead(top);
    }

    private void passOverDead(int top) {
      int word = top;
      while (word >= 0 && live[word] == 0) {
        word--;
      }
      liveWords = word + 1;
    }

    private void endComponent(boolean directory) {
      for (int word = 0; word < liveWords; word++) {
        long accepting = accepts[word] | (directory ? acceptsDirectory[word] : 0);
        for (long bits = live[word] & accepting; bits != 0; bits &= bits - 1) {
          int state = word * WORD_BITS + Long.numberOfTrailingZeros(bits);
          lastRule = Math.max(lastRule, rules[state]);
        }
      }
    }
  }
}
