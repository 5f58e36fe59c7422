package dev.replicator.runtime;

import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.kernel.Replica;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The journal says which hidden versions were kept, and the vault is a directory: somebody makes
 * room in it, or brings the journal back without it. Each node that lost a version this way goes on
 * being counted as one that has it, so nobody else may have it any more one day.
 */

/**
 * Looks whether the vault has the versions in conflict that it should, and fetches what it lacks.
 */
final class MissingVersions {
  private static final Logger LOG = LoggerFactory.getLogger(MissingVersions.class);

  /** No request: what comes of it is told to nobody. */
  private static final long UNASKED = 0;

  private final EngineParts parts;
  private final RootLoop loop;
  private final AtomicBoolean looking = new AtomicBoolean();

  MissingVersions(EngineParts parts, RootLoop loop) {
    this.parts = parts;
    this.loop = loop;
  }

  /** On the root's thread; the work is done by others. */
  void look() {
    Replica replica = loop.replica();
    List<RelativePath> paths = new ArrayList<>(replica.conflicts());
    paths.addAll(replica.adoptedLosers());
    if (paths.isEmpty() || !looking.compareAndSet(false, true)) {
      return;
    }
    List<NodeId> sources =
        loop.names().all().keySet().stream()
            .filter(peer -> replica.peer(peer, loop.steadyMillis()).connected())
            .toList();
    loop.effects()
        .aside(() -> {
          try {
            look(paths, sources);
          } finally {
            looking.set(false);
          }
        });
  }

  private void look(List<RelativePath> paths, List<NodeId> sources) {
    try {
      for (RelativePath path : paths) {
        for (Entry.File file : believed(path)) {
          if (!parts.vault().holds(file.digest())) {
            fetch(new Effect.Keep(path, file, sources));
          }
        }
      }
    } catch (IOException unreadable) {
      LOG.warn("root {}: cannot look into the vault: {}", parts.name(), unreadable.toString());
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hidden contents that the journal says are kept; what it does not is being fetched anyway. */
  private List<Entry.File> believed(RelativePath path) {
    Optional<RecordState> stored = parts.journal().record(path);
    Optional<Materialised> here = parts.journal().materialised(path);
    if (stored.isEmpty() || here.isEmpty()) {
      return List.of();
    }
    SortedSet<Dot> kept = new TreeSet<>(here.get().knowledge().siblings());
    List<Entry.File> files = new ArrayList<>();
    for (Element<Entry> element : stored.get().record().hidden(here.get().entry())) {
      if (element.value() instanceof Entry.File file
          && file.size() > 0
          && kept.contains(element.dot())) {
        files.add(file);
      }
    }
    return files;
  }

  private void fetch(Effect.Keep keep) throws InterruptedException {
    String problem;
    try {
      ChunkList chunks = loop.effects().disk().fetches().keep(keep);
      loop.outcomes()
          .tell(
              List.of(new JournalWrite.PutChunks(keep.file().digest(), chunks)),
              new Event.Recalled(UNASKED, Optional.empty()));
      LOG.warn(
          "root {}: a version of {} was missing in the vault, and is there again",
          parts.name(),
          keep.path());
      return;
    } catch (TreeException failure) {
      problem = failure.problem().toString();
    } catch (IOException failure) {
      problem = failure.toString();
    }
    loop.submit(() ->
        loop.alarm(
            "the vault lacks a version of " + keep.path() + " that is in conflict: " + problem,
            false));
  }
}
