package dev.replicator.cli.daemon;

import dev.replicator.linux.Allocation;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Problem;
import dev.replicator.port.MetadataRules;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.portable.PortableTree;
import dev.replicator.vault.DiskUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Chooses the tree of a root: that of Linux where this is Linux, else the portable one. {@code
 * -Dreplicator.tree=portable} or {@code linux} asks for one of them. A machine that cannot serve
 * the first is told so and never given the second unasked: that one is not safe from somebody who
 * swaps directories for symbolic links.
 */
final class Trees {
  private static final String CHOICE = "replicator.tree";

  private Trees() {}

  private static boolean isLinux() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  /** Elsewhere a file counts by its length. */
  static DiskUse diskUse() {
    return isLinux() ? Allocation::bytes : Files::size;
  }

  static Tree open(Path root, Path staging, MetadataRules rules) throws IOException {
    String choice = System.getProperty(CHOICE, isLinux() ? "linux" : "portable");
    try {
      return switch (choice) {
        case "linux" -> LinuxTree.open(root, staging, rules);
        case "portable" -> PortableTree.open(root, staging);
        default -> throw new IOException(CHOICE + " is linux or portable, not " + choice);
      };
    } catch (TreeException failure) {
      boolean unsupported = failure.problem().kind() == Problem.Kind.UNSUPPORTED;
      String way =
          unsupported && choice.equals("linux")
              ? "; -D" + CHOICE + "=portable goes on without"
              : "";
      throw new IOException(root + ": " + failure.problem() + way, failure);
    }
  }
}
