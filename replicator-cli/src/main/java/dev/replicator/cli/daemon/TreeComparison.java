package dev.replicator.cli.daemon;

import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.control.JoinJson;
import dev.replicator.content.Chunker;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.net.pairing.TreeSummary;
import dev.replicator.runtime.SummaryItem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Counts how a directory here compares with what another node tells of its own. */
final class TreeComparison {
  private static final int EXAMPLES_MAX = 10;
  private static final int BUFFER_BYTES = 256 * 1_024;

  private final TreeMap<RelativePath, Content> here = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();
  private long equal;
  private long onlyThere;
  private long different;

  private TreeComparison() {}

  /** What counts when two paths are compared. */
  private record Content(EntryType type, Optional<Digest> digest) {}

  /** Reads the tree of {@code root} as its rules show it. */
  static TreeComparison of(RootConfig root) throws IOException {
    TreeComparison comparison = new TreeComparison();
    Chunker chunker = new Chunker();
    byte[] buffer = new byte[BUFFER_BYTES];
    TreeWalk.walk(
        root.path(),
        root.filter(),
        (path, file, attributes) -> {
          Optional<Entry> entry = entry(file, attributes, chunker, buffer);
          if (entry.isPresent()) {
            TreeSummary.Item item = TreeItems.item(new SummaryItem(path, entry.get()));
            comparison.here.put(path, new Content(item.type(), item.digest()));
          }
        });
    return comparison;
  }

  private static Optional<Entry> entry(
      Path file, BasicFileAttributes attributes, Chunker chunker, byte[] buffer)
      throws IOException {
    if (attributes.isDirectory()) {
      return Optional.of(Entry.DIRECTORY);
    }
    if (attributes.isSymbolicLink()) {
      byte[] text = Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
      return Optional.of(new Entry.Symlink(Bytes.copyOf(text)));
    }
    chunker.reset();
    try (InputStream input =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
        chunker.push(buffer, 0, read);
      }
    }
    return chunker.finish().map(content -> content.file());
  }

  /** Takes one path of the other node. */
  void there(TreeSummary.Item item) {
    Content mine = here.remove(item.path());
    if (mine == null) {
      onlyThere++;
    } else if (mine.equals(new Content(item.type(), item.digest()))) {
      equal++;
    } else {
      different++;
      if (examples.size() < EXAMPLES_MAX) {
        examples.add(item.path().toString());
      }
    }
  }

  /** To be asked once the other node has told everything. */
  JoinJson.Counts counts(String root) {
    return new JoinJson.Counts(root, equal, here.size(), onlyThere, different, examples);
  }
}
