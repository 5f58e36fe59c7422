package dev.replicator.cli.config;

import dev.replicator.model.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at the directories of the roots, and at the roots together. */
final class RootChecks {
  private static final Set<String> SYSTEM =
      Set.of(
          "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/opt", "/proc", "/root",
          "/run", "/sbin", "/sys", "/tmp", "/usr", "/var");
  private static final List<Path> VIRTUAL = List.of(Path.of("/proc"), Path.of("/sys"));

  private final Optional<Path> state;
  private final Findings findings;

  RootChecks(Optional<Path> state, Findings findings) {
    this.state = state.map(RootChecks::real);
    this.findings = findings;
  }

  List<RootConfig> check(List<RootReader.Draft> drafts) {
    List<RootConfig> roots = new ArrayList<>();
    for (RootReader.Draft draft : drafts) {
      Section section = draft.section();
      checkName(draft, roots);
      Optional<Path> path = directory(draft);
      if (path.isPresent()) {
        checkState(section, path.get());
        checkNesting(section, path.get(), roots);
        if (draft.block().isPresent() && !path.get().equals(draft.given())) {
          section.error("path", "a file system is mounted at a real directory, not at a link");
        }
        roots.add(root(draft, path.get()));
      }
      if (roots.size() == Limits.ROOTS_MAX + 1) {
        section.error("more than " + Limits.ROOTS_MAX + " roots");
      }
    }
    return roots;
  }

  /** A root whose directory a running daemon judged before, whatever became of it. */
  static RootConfig unchecked(RootReader.Draft draft) {
    return root(draft, real(draft.given()));
  }

  private static RootConfig root(RootReader.Draft draft, Path path) {
    return new RootConfig(
        draft.name(),
        path,
        draft.given(),
        draft.preset(),
        FilterPatterns.values(draft.exclude()),
        FilterPatterns.values(draft.include()),
        draft.driver(),
        draft.settleMillis(),
        draft.scanMinutes(),
        draft.metadata(),
        draft.afterApply(),
        draft.block(),
        draft.section().where());
  }

  private static void checkName(RootReader.Draft draft, List<RootConfig> earlier) {
    for (RootConfig root : earlier) {
      if (root.name().equals(draft.name())) {
        draft
            .section()
            .error("name", "root \"" + root.name() + "\" is already defined at " + root.where());
      }
    }
  }

  /** Then its name is no mistake, and what is mounted there may come later than the daemon. */
  private boolean wasReplicated(RootReader.Draft draft) {
    Path journal = Path.of("roots", draft.name(), "journal");
    return state.filter(directory -> Files.isDirectory(directory.resolve(journal))).isPresent();
  }

  private Optional<Path> directory(RootReader.Draft draft) {
    Section section = draft.section();
    Path given = draft.given();
    if (isSystem(given)) {
      section.error("path", given + " belongs to the system; name a directory of your own below");
      return Optional.empty();
    }
    if (!Files.exists(given) && wasReplicated(draft)) {
      section.note(
          "path", given + " is not there: this root waits until it is, and the others go on");
      return Optional.of(real(given));
    }
    if (!Files.exists(given)) {
      section.error(
          "path",
          given + " does not exist; it is never created unasked: mount it, or mkdir a new one");
      return Optional.empty();
    }
    if (!Files.isDirectory(given)) {
      section.error("path", given + " is not a directory");
      return Optional.empty();
    }
    Path path = real(given);
    if (isSystem(path)) {
      section.error("path", given + " leads to " + path + ", which belongs to the system");
      return Optional.empty();
    }
    if (!path.equals(given)) {
      section.note(
          "path",
          given
              + " leads through a symbolic link to "
              + path
              + ": that directory is the root, which is held until `approve` once the link leads"
              + " elsewhere");
    }
    return Optional.of(path);
  }

  static boolean isSystem(Path path) {
    return SYSTEM.contains(path.toString()) || VIRTUAL.stream().anyMatch(path::startsWith);
  }

  private void checkState(Section section, Path path) {
    if (state.isEmpty()) {
      return;
    }
    Path directory = state.get();
    if (path.equals(directory)) {
      section.error("path", path + " is the state directory; it must never be replicated");
    } else if (path.startsWith(directory)) {
      section.error("path", path + " lies inside the state directory " + directory);
    } else if (directory.startsWith(path)) {
      section.error(
          "path", path + " holds the state directory " + directory + ", and so this node's key");
    }
  }

  private static void checkNesting(Section section, Path path, List<RootConfig> earlier) {
    for (RootConfig root : earlier) {
      if (path.equals(root.path())) {
        section.error("path", "the same directory as that of root \"" + root.name() + "\"");
      } else if (path.startsWith(root.path())) {
        section.error("path", path + " lies inside root \"" + root.name() + "\" " + root.path());
      } else if (root.path().startsWith(path)) {
        section.error("path", path + " holds root \"" + root.name() + "\" " + root.path());
      }
    }
  }

  /** The path with links resolved as far as it exists. */
  static Path real(Path path) {
    Path parent = path.getParent();
    try {
      return path.toRealPath();
    } catch (IOException missing) {
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }
}
