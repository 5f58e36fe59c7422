package dev.replicator.cli.cluster;

import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.VersionJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What one node keeps beside its tree when everything is quiet: the contents in its vault, and what
 * it tells a person of them. That a content is in the vault says nothing alone, for the engine puts
 * there whatever it takes from a name; what it took unasked is told by no list.
 *
 * @param contents tokens of whole contents in the vault
 * @param listed versions that somebody can find and choose
 */
record Kept(String node, Set<String> contents, List<Listed> listed) {
  /** Where a version is listed that nobody wrote over and that does not show. */
  enum Where {
    CONFLICTS,

    /** Found by a first look at a tree, so it lost to what was written: {@code --adopted}. */
    ADOPTED
  }

  record Listed(String path, String token, Where where) {}

  boolean holds(String token) {
    return contents.contains(token);
  }

  /** Where a version is listed: at {@code path}, or at any when its file may have moved. */
  Optional<Where> listing(String path, String token, boolean isFixed) {
    return listed.stream()
        .filter(it -> it.token().equals(token) && (!isFixed || it.path().equals(path)))
        .map(Listed::where)
        .findFirst();
  }

  static Kept of(TestNode node) throws IOException {
    TreeMap<String, String> vault = vault(node.state());
    List<Listed> listed = new ArrayList<>();
    node.conflicts().forEach(conflict -> add(conflict, vault, false, listed));
    node.adoptedLosers().forEach(conflict -> add(conflict, vault, true, listed));
    return new Kept(node.name(), new TreeSet<>(vault.values()), listed);
  }

  /** What is hidden at a path and of the kind that this list is of. */
  private static void add(
      ConflictJson conflict, TreeMap<String, String> vault, boolean adopted, List<Listed> listed) {
    VersionJson shows = conflict.versions().getFirst();
    for (VersionJson version : conflict.versions()) {
      boolean isHidden = !version.visible() && !version.digest().equals(shows.digest());
      if (isHidden && version.adopted() == adopted) {
        version
            .digest()
            .map(vault::get)
            .map(token ->
                new Listed(conflict.path(), token, adopted ? Where.ADOPTED : Where.CONFLICTS))
            .ifPresent(listed::add);
      }
    }
  }

  /** Tokens by the digests under which their contents are kept: what is torn counts as nothing. */
  private static TreeMap<String, String> vault(Path state) throws IOException {
    TreeMap<String, String> tokens = new TreeMap<>();
    try (Stream<Path> all = Files.walk(state)) {
      for (Path file : all.filter(Kept::isKept).toList()) {
        String name = file.getFileName().toString();
        token(file).ifPresent(token -> tokens.put(name.substring(0, name.indexOf('.')), token));
      }
    }
    return tokens;
  }

  private static boolean isKept(Path file) {
    return file.toString().contains("/vault/")
        && file.getFileName().toString().matches("[0-9a-f]{64}\\.\\d+")
        && Files.isRegularFile(file);
  }

  static Optional<String> token(Path file) throws IOException {
    return Marked.of(Files.readAllBytes(file)).map(Marked::token);
  }
}
