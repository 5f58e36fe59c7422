package dev.replicator.runtime;

import dev.replicator.kernel.Event;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Ends a root whose journal is not to be gone on with, to be opened again with a new one. */
final class Abandonment {
  private Abandonment() {}

  /**
   * Once nothing is under way that only this journal knows of. Not while a new one would adopt
   * whatever is in the place of the root, or go on where somebody paused it.
   */
  static void begin(EngineParts parts, RootLoop loop, String reason) {
    loop.alarm(reason);
    if (loop.replica().isRootLost() || parts.journal().root().orElseThrow().paused()) {
      return;
    }
    loop.ask(
        Event.StopAsked::new,
        atRest -> {
          LostWriteException.unlessDone(parts.journal()::abandon);
          throw new UncheckedIOException(reason, new IOException(reason));
        });
    loop.submit(loop.effects()::cutShort);
  }
}
