package dev.replicator.runtime;

import dev.replicator.kernel.Settled;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles at start what the last end left open on the disk. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final EngineParts parts;
  private final DiskWork disk;

  /** What was staged and certainly never exchanged. */
  private final TreeSet<String> fresh = new TreeSet<>();

  /** What somebody may still write to. */
  private final TreeSet<String> open = new TreeSet<>();

  Recovery(EngineParts parts, DiskWork disk) {
    this.parts = parts;
    this.disk = disk;
  }

  List<Settled> run() {
    List<Settled> settled = new ArrayList<>();
    parts.journal().displaced().forEach(displaced -> open.add(displaced.name()));
    parts.journal().intents().forEach((path, intent) -> settled.add(settle(path, intent)));
    cleanStaging();
    return settled;
  }

  private Settled settle(RelativePath path, Intent intent) {
    try {
      return switch (parts.tree().settle(path, intent)) {
        case Tree.Settled.Applied it ->
            it.displaced().isEmpty()
                ? new Settled.Applied(path, intent, it.stamp(), it.actual())
                : displaced(path, intent, it, Optional.empty());
        case Tree.Settled.Overtaken it ->
            displaced(
                path,
                intent,
                new Tree.Settled.Applied(it.stamp(), it.actual(), it.displaced()),
                Optional.of(it.displacedLook()));
        case Tree.Settled.NotApplied it -> {
          fresh.add(intent.stagedName());
          yield new Settled.NotApplied(path, intent);
        }
        case Tree.Settled.Unclear it -> new Settled.Unclear(path, intent);
      };
    } catch (TreeException | IOException failure) {
      LOG.warn("cannot tell how {} ended: {}", path, failure.toString());
      return new Settled.Unclear(path, intent);
    }
  }

  /** As after an exchange: somebody may have written to what gave way, or write to it still. */
  private Settled displaced(
      RelativePath path, Intent intent, Tree.Settled.Applied it, Optional<Tree.Look.Found> written)
      throws TreeException, IOException {
    Materialised was = intent.expected().orElseThrow();
    return switch (parts.tree().displaced(it.displaced(), was)) {
      case Tree.Displaced.BeingWritten still -> {
        open.add(it.displaced());
        yield new Settled.StillWritten(path, intent, it.stamp(), it.actual(), it.displaced());
      }
      case Tree.Displaced.Written now -> overtaken(path, intent, it, now.look());
      case Tree.Displaced.Untouched untouched ->
          written.isPresent()
              ? overtaken(path, intent, it, written.get())
              : new Settled.Applied(path, intent, it.stamp(), it.actual());
    };
  }

  private Settled overtaken(
      RelativePath path, Intent intent, Tree.Settled.Applied it, Tree.Look.Found written)
      throws TreeException, IOException {
    return new Settled.Overtaken(
        path, intent, it.stamp(), it.actual(), disk.displaced(written, it.displaced()));
  }

  /**
   * Only once every intent is settled. Any file may have been displaced by an apply that ended
   * between its exchange and its journal entry, or whose vault was full: it goes to the vault.
   */
  private void cleanStaging() {
    try {
      for (String name : parts.tree().staged()) {
        if (fresh.contains(name)) {
          disk.discard(name);
        } else if (!open.contains(name) && !disk.isTold(name)) {
          disk.rescue(name);
        }
      }
    } catch (TreeException failure) {
      LOG.warn("cannot clean the staging directory: {}", failure.problem());
    }
  }
}
