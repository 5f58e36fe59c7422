package dev.replicator.block;

import java.util.Set;

/**
 * What the operator allowed for one run.
 *
 * @param destroy backing disks whose content may be lost
 * @param takeOver files of somebody else that may be replaced
 */
public record Permits(Set<String> destroy, Set<String> takeOver) {
  public static final Permits NONE = new Permits(Set.of(), Set.of());

  public Permits {
    destroy = Set.copyOf(destroy);
    takeOver = Set.copyOf(takeOver);
  }
}
