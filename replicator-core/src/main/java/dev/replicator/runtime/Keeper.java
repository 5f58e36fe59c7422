package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves files from staging to the vault; what fails is tried again until it works. Thread-safe. */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  /** More than these wait in staging for the next start. */
  private static final int UNKEPT_MAX = 65_536;

  private final Tree tree;
  private final Vault vault;

  /** Displaced files that still wait in staging because the vault took them not. */
  private final Map<String, Digest> unkept = new ConcurrentSkipListMap<>();

  Keeper(Tree tree, Vault vault) {
    this.tree = tree;
    this.vault = vault;
  }

  void keep(String displaced, Digest digest) {
    if (displaced.isEmpty()) {
      return;
    }
    try {
      Path place = vault.place(digest);
      tree.release(displaced, place);
      vault.arrived(place);
      unkept.remove(displaced);
    } catch (TreeException | IOException failure) {
      if (unkept.size() < UNKEPT_MAX && !digest.equals(unkept.put(displaced, digest))) {
        LOG.error("cannot keep {} of staging in the vault yet: {}", displaced, failure.toString());
      }
    }
  }

  /** Contents of which the vault holds nothing though they left their paths. */
  SortedSet<Digest> unkept() {
    return new TreeSet<>(unkept.values());
  }

  /** Tries once more to keep what could not be kept. */
  void keepAgain() {
    try {
      unkept.keySet().retainAll(tree.staged());
      Map.copyOf(unkept).forEach(this::keep);
    } catch (TreeException failure) {
      LOG.debug("cannot list staging: {}", failure.problem());
    }
  }
}
