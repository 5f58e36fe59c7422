package dev.replicator.linux;

import dev.replicator.model.EntryType;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where another subvolume was met below a root: no table of the kernel's tells of them. */
final class Subvolumes {
  private static final Logger log = LoggerFactory.getLogger(Subvolumes.class);

  private final TreeSet<RelativePath> met = new TreeSet<>();

  synchronized void met(RelativePath path) {
    if (met.size() < Limits.SUBVOLUMES_TOLD_MAX) {
      met.add(path);
    }
  }

  /** Those that are there still. */
  List<RelativePath> below(HeldRoot root) {
    List<RelativePath> before;
    synchronized (this) {
      before = List.copyOf(met);
    }
    List<RelativePath> gone = before.stream().filter(path -> !isThere(root, path)).toList();
    synchronized (this) {
      gone.forEach(met::remove);
      return List.copyOf(met);
    }
  }

  private static boolean isThere(HeldRoot root, RelativePath path) {
    try (Descriptor object = root.open(path, PathCalls.LOCATE)) {
      FileStatus status = PathCalls.status(object.number());
      return status.type() == EntryType.DIRECTORY && status.device() != root.device();
    } catch (IOException notReached) {
      log.debug("no subvolume at {} any more: {}", path, notReached.getMessage());
      return false;
    }
  }
}
