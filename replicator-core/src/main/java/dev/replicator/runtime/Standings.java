package dev.replicator.runtime;

import dev.replicator.kernel.Replica;
import dev.replicator.model.Entry;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Tells how far a disk shows what is to show. Runs on the root's thread. */
final class Standings {
  /** While more are pending, some of the first of them are as old as any. */
  private static final int PENDING_READ_MAX = 1_024;

  /**
   * Of these one path stays as it is until a person does something about that path, or until a peer
   * comes back who alone has the content: nobody else could serve it either.
   */
  private static final Set<Problem.Kind> LASTING =
      EnumSet.of(
          Problem.Kind.NAME_TOO_LONG,
          Problem.Kind.UNSUPPORTED,
          Problem.Kind.SPECIAL,
          Problem.Kind.REFUSED,
          Problem.Kind.TOO_LARGE,
          Problem.Kind.CONTENT_MISSING);

  private Standings() {}

  /**
   * The standing of a root.
   *
   * @param told whether some peer of now told everything it has
   */
  static RootReport.Standing of(EngineParts parts, Replica replica, boolean told) {
    return new RootReport.Standing(
        told || knowsOthers(parts), replica.isRootLost(), behindMillis(parts, replica));
  }

  /** The clock of a root covers what others wrote only once one of them told everything. */
  private static boolean knowsOthers(EngineParts parts) {
    return parts.journal().root().filter(Standings::knowsOthers).isPresent();
  }

  private static boolean knowsOthers(RootState root) {
    return root.clock().lasts().stream()
        .anyMatch(last -> !last.replica().equals(root.identity().replica()));
  }

  private static long behindMillis(EngineParts parts, Replica replica) {
    long now = parts.clock().wallMillis();
    long oldest = 0;
    for (Map.Entry<RelativePath, Pending> entry :
        parts.journal().pendingAfter(RelativePath.ROOT, PENDING_READ_MAX).entrySet()) {
      Pending pending = entry.getValue();
      long age = now - pending.sinceMillis();
      if (age > oldest
          && !LASTING.contains(pending.problem().kind())
          && lacks(parts, replica, entry.getKey())) {
        oldest = age;
      }
    }
    return oldest;
  }

  /** What was written here and cannot be read yet is pending too, and shows all the same. */
  private static boolean lacks(EngineParts parts, Replica replica, RelativePath path) {
    Entry wanted = replica.effective(path);
    return parts
        .journal()
        .materialised(path)
        .map(here -> !here.entry().equals(wanted))
        .orElse(wanted.isPresent());
  }
}
