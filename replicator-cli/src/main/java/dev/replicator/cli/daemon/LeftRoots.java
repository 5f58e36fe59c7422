package dev.replicator.cli.daemon;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import dev.replicator.vault.LeftVault;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is kept of roots that no configuration names any more. Nothing lists it, lets it go or looks
 * for it there: not the versions in a vault, those of open conflicts among them, that may be the
 * only ones.
 */
public final class LeftRoots {
  private LeftRoots() {}

  /** One sentence for each. It looks at every version that is kept: that may take a while. */
  public static List<String> of(Configuration configuration) {
    Path roots = configuration.node().state().resolve(StateDirectory.ROOTS);
    List<String> sentences = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(roots)) {
      for (Path directory : directories) {
        boolean left = configuration.root(String.valueOf(directory.getFileName())).isEmpty();
        if (left && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
          sentences.add(sentence(directory));
        }
      }
    } catch (IOException none) {
      return List.of();
    }
    Collections.sort(sentences);
    return sentences;
  }

  private static String sentence(Path directory) {
    LeftVault kept = LeftVault.in(directory.resolve("vault"));
    String what =
        kept.versions() == 0
            ? "its vault keeps nothing"
            : "its vault keeps "
                + Count.of(kept.versions(), "version")
                + " of "
                + Text.bytes(kept.bytes())
                + ", perhaps of open conflicts, which nothing lists and nothing lets go";
    return directory
        + " belongs to no root of the configuration: "
        + what
        + "; give the root that name again, or remove the directory once nothing of it is wanted";
  }
}
