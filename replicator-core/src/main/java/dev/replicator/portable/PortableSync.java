package dev.replicator.portable;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Synced;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/*
 * Only a force that fails tells of a disk that lost something. A path that cannot be looked at or
 * opened, because its directory was closed to us, it was replaced by a link or the root is gone for
 * a moment, says nothing about the disk.
 */

/** One sync: files first, then the directories that name them. */
final class PortableSync {
  private final PortableTree tree;
  private final boolean forces;
  private final Set<RelativePath> directories = new LinkedHashSet<>();
  private final List<RelativePath> skipped = new ArrayList<>();

  /**
   * @param forces whether this file system can be asked to
   */
  PortableSync(PortableTree tree, boolean forces) {
    this.tree = tree;
    this.forces = forces;
  }

  Synced run(List<RelativePath> paths) {
    try {
      for (RelativePath path : paths) {
        file(path);
      }
      for (RelativePath directory : directories) {
        force(directory);
      }
    } catch (IOException failure) {
      return new Synced.Failed(TreeException.problemOf(failure));
    }
    return lost()
        .<Synced>map(it -> new Synced.RootLost(it.problem()))
        .orElseGet(() -> new Synced.Done(List.copyOf(skipped)));
  }

  private Optional<Look.RootLost> lost() {
    try {
      return tree.look(RelativePath.ROOT) instanceof Look.RootLost lost
          ? Optional.of(lost)
          : Optional.empty();
    } catch (TreeException unreadable) {
      return Optional.of(new Look.RootLost(unreadable.problem()));
    }
  }

  private void file(RelativePath path) throws IOException {
    try {
      if (tree.look(path) instanceof Look.Found found) {
        if (found.type() == EntryType.FILE) {
          force(path);
        } else if (found.type() == EntryType.DIRECTORY) {
          directories.add(path);
        }
      }
      RelativePath parent = path.isRoot() ? path : path.parent();
      while (!parent.isRoot() && tree.look(parent) instanceof Look.Gone) {
        parent = parent.parent();
      }
      directories.add(parent);
    } catch (TreeException unseen) {
      skipped.add(path);
    }
  }

  /**
   * What is no longer there when its turn comes needs no sync: its removal has its own.
   *
   * @throws IOException when the disk refused
   */
  private void force(RelativePath path) throws IOException {
    if (!forces) {
      return;
    }
    try (FileChannel channel = open(path)) {
      channel.force(true);
    } catch (TreeException closed) {
      skipped.add(path);
    }
  }

  private FileChannel open(RelativePath path) throws TreeException {
    try {
      return FileChannel.open(
          tree.resolve(path), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }
}
