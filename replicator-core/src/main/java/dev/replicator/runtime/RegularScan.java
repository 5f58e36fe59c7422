package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.RelativePath;

/*
 * No watcher tells all: not of what is written through a memory mapping or by somebody who never
 * closes his file, nor of what another machine writes to a file system that both have mounted.
 */

/** Compares the whole tree with the index now and then, whatever the watcher told. */
final class RegularScan {
  private final RootLoop loop;
  private final long pauseMillis;

  RegularScan(RootLoop loop, long pauseMillis) {
    this.loop = loop;
    this.pauseMillis = pauseMillis;
  }

  void begin() {
    loop.later(pauseMillis, this::due);
  }

  /** A root that is not live is compared once it becomes so, or when somebody asks for it. */
  private void due() {
    boolean live = Reports.state(loop.replica()) == RootReport.State.LIVE;
    if (live && !loop.replica().isScanning()) {
      loop.step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    }
    begin();
  }
}
