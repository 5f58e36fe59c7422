package dev.replicator.model;

import java.util.Optional;

/**
 * Names a directory that arrived as a whole, and what came with it. Peers and journals carry the
 * number and need not understand it.
 *
 * @param id 0 for no group; else its lowest bit says that all of the group was told, the next say
 *     how deep its directory is; a bit says that this is what it left behind elsewhere, and the
 *     rest tells this arrival from others
 */
public record Group(long id) {
  public static final Group NONE = new Group(0);

  private static final long CLOSED = 1;
  private static final int DEPTH_SHIFT = 1;
  private static final int DEPTH_BITS = 12;
  private static final int DEPARTURE_SHIFT = DEPTH_SHIFT + DEPTH_BITS + 1;
  private static final int SEED_SHIFT = DEPARTURE_SHIFT + 1;

  /**
   * A group of {@code top}, which is not the root, and all below it.
   *
   * @param seed another one for every group of that directory
   */
  public static Group of(RelativePath top, long seed) {
    long depth = top.depth() - 1L;
    // Never 0: the bit above the depth is set.
    long never = 1L << DEPARTURE_SHIFT - 1;
    return new Group(seed << SEED_SHIFT | never | depth << DEPTH_SHIFT);
  }

  public boolean isNone() {
    return id == 0;
  }

  /** The same, of which nothing more will be told. */
  public Group closed() {
    return new Group(id | CLOSED);
  }

  public boolean isClosed() {
    return (id & CLOSED) != 0;
  }

  /** Whether both are one arrival, closed or not. */
  public boolean isSame(Group other) {
    return closed().equals(other.closed());
  }

  /** What goes from {@code before}, where the directory that arrives was until then. */
  public Group departure(RelativePath before) {
    return new Group(of(before, id >>> SEED_SHIFT).id | 1L << DEPARTURE_SHIFT);
  }

  public boolean isDeparture() {
    return (id >>> DEPARTURE_SHIFT & 1) != 0;
  }

  /** Whether {@code departure} tells what goes where the directory of this arrival was before. */
  public boolean isLeftBy(Group departure) {
    return departure.isDeparture()
        && !isDeparture()
        && id >>> SEED_SHIFT == departure.id >>> SEED_SHIFT;
  }

  /** The directory that arrived, of which {@code member} is one path; empty when it cannot be. */
  public Optional<RelativePath> top(RelativePath member) {
    int depth = (int) (id >>> DEPTH_SHIFT & (1L << DEPTH_BITS) - 1) + 1;
    int levels = member.depth() - depth;
    if (isNone() || levels < 0) {
      return Optional.empty();
    }
    RelativePath top = member;
    for (int level = 0; level < levels; level++) {
      top = top.parent();
    }
    return Optional.of(top);
  }
}
