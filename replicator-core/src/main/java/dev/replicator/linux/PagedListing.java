package dev.replicator.linux;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory whose names are all read at once and looked at a page at a time. */
final class PagedListing implements Tree.Listing {
  private static final Logger log = LoggerFactory.getLogger(PagedListing.class);

  private final HeldRoot root;
  private final Inspector inspector;
  private final Subvolumes subvolumes;
  private final Gate gate;
  private final RelativePath directory;
  private final Descriptor listed;
  private final byte[][] names;
  private int looked;

  private PagedListing(
      HeldRoot root,
      Inspector inspector,
      Subvolumes subvolumes,
      Gate gate,
      RelativePath directory,
      Descriptor listed,
      byte[][] names) {
    this.root = root;
    this.inspector = inspector;
    this.subvolumes = subvolumes;
    this.gate = gate;
    this.directory = directory;
    this.listed = listed;
    this.names = names;
  }

  static PagedListing open(
      HeldRoot root, Inspector inspector, Subvolumes subvolumes, Gate gate, RelativePath directory)
      throws TreeException {
    try {
      Descriptor listed = root.open(directory, PathCalls.READ | PathCalls.DIRECTORY);
      try {
        byte[][] names = Listing.names(listed);
        Arrays.sort(names, Arrays::compareUnsigned);
        return new PagedListing(root, inspector, subvolumes, gate, directory, listed, names);
      } catch (IOException | RuntimeException failure) {
        listed.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** A name that is gone meanwhile is left out. */
  @Override
  public List<Tree.Child> next(int limit) throws TreeException {
    return gate.pass(() -> {
      List<Tree.Child> page = new ArrayList<>(Math.min(limit, names.length - looked));
      try {
        while (page.size() < limit && looked < names.length) {
          add(page, names[looked++]);
        }
      } catch (IOException failure) {
        throw Errno.treeException(failure);
      }
      root.requireRoot();
      return page;
    });
  }

  private void add(List<Tree.Child> page, byte[] name) throws IOException {
    RelativePath path;
    try {
      path = directory.child(name);
    } catch (IllegalArgumentException beyondLimits) {
      log.warn("left out of {}: {}", directory, beyondLimits.getMessage());
      return;
    }
    if (!HeldRoot.isOwn(path)) {
      Tree.Look look = inspector.glance(listed, name);
      if (look.equals(Inspector.SUBVOLUME)) {
        subvolumes.met(path);
      }
      if (!(look instanceof Tree.Look.Gone)) {
        page.add(new Tree.Child(path, look));
      }
    }
  }

  @Override
  public void close() {
    listed.close();
  }
}
