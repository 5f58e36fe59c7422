package dev.replicator.cli.control;

import dev.replicator.model.Entry;
import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** How a raw path goes into JSON: as text, and exactly where text cannot say it. */
final class RelativePathJson {
  private RelativePathJson() {}

  /** The path itself when it is UTF-8, else a readable likeness of it. */
  static String text(RelativePath path) {
    return path.text().orElseGet(path::toString);
  }

  /** {@code pathBase64} when the text is only a likeness. */
  static Map<String, Object> more(RelativePath path) {
    Map<String, Object> more = new TreeMap<>();
    if (path.text().isEmpty()) {
      more.put("pathBase64", Base64.getEncoder().encodeToString(path.toArray()));
    }
    return more;
  }

  static String linkText(Entry.Symlink link) {
    return new String(link.target().toArray(), StandardCharsets.UTF_8);
  }
}
