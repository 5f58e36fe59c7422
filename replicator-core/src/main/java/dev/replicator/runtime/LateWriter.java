package dev.replicator.runtime;

import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.TreeException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who still has a file open for writing that an exchange displaced. What he writes until
 * he closes it is a local write over the old version; for one who never closes nobody waits.
 */
final class LateWriter {
  private static final Logger LOG = LoggerFactory.getLogger(LateWriter.class);
  private static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final int LOOKS_MAX = 200;
  private static final long PAUSE_MILLIS = 50;

  private final Tree tree;
  private final String displaced;
  private final Materialised expected;
  private final Exchanged exchanged;

  private LateWriter(Tree tree, String displaced, Materialised expected, Exchanged exchanged) {
    this.tree = tree;
    this.displaced = displaced;
    this.expected = expected;
    this.exchanged = exchanged;
  }

  static Optional<LateWriter> of(Tree tree, Intent intent, Exchanged exchanged) {
    String name =
        switch (exchanged) {
          case Exchanged.Done done -> done.displaced();
          case Exchanged.Removed removed -> removed.displaced();
          case Exchanged.Overtaken overtaken -> overtaken.displaced();
          case Exchanged.Unexpected unexpected -> "";
          case Exchanged.Failed failed -> "";
        };
    Optional<Materialised> file =
        intent.expected().filter(then -> then.entry() instanceof Entry.File);
    if (name.isEmpty() || file.isEmpty()) {
      return Optional.empty();
    }
    LateWriter writer = new LateWriter(tree, name, file.get(), exchanged);
    return writer.look() instanceof Tree.Displaced.BeingWritten
        ? Optional.of(writer)
        : Optional.empty();
  }

  private Tree.Displaced look() {
    try {
      return tree.displaced(displaced, expected);
    } catch (TreeException failure) {
      LOG.warn("cannot tell who writes to {} in staging: {}", displaced, failure.problem());
      return new Tree.Displaced.Untouched();
    }
  }

  /** Waits until he closed it, and tells how the exchange ended then. */
  Exchanged await() throws InterruptedException {
    Tree.Displaced now = look();
    for (int looks = 1; looks < LOOKS_MAX; looks++) {
      if (!(now instanceof Tree.Displaced.BeingWritten)) {
        break;
      }
      Thread.sleep(PAUSE_MILLIS);
      now = look();
    }
    return switch (now) {
      case Tree.Displaced.Untouched untouched -> exchanged;
      case Tree.Displaced.Written written -> overtaken(written.look());
      case Tree.Displaced.BeingWritten still -> {
        LOG.warn("{} in staging is still being written to: what comes now is lost", displaced);
        yield still.written().map(this::overtaken).orElse(exchanged);
      }
    };
  }

  private Exchanged overtaken(Tree.Look.Found look) {
    return switch (exchanged) {
      case Exchanged.Done done ->
          new Exchanged.Overtaken(done.stamp(), done.actual(), look, displaced);
      case Exchanged.Removed removed ->
          new Exchanged.Overtaken(NO_STAMP, Target.ABSENT, look, displaced);
      case Exchanged.Overtaken before ->
          new Exchanged.Overtaken(before.stamp(), before.actual(), look, displaced);
      case Exchanged.Unexpected nothing -> nothing;
      case Exchanged.Failed nothing -> nothing;
    };
  }
}
