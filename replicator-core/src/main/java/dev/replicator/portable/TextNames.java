package dev.replicator.portable;

import dev.replicator.model.Bytes;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of a file system whose names are text: bytes are its UTF-8. */
final class TextNames implements Names {
  private final Path root;

  TextNames(Path root) {
    this.root = root.toAbsolutePath();
  }

  @Override
  public boolean raw() {
    return false;
  }

  @Override
  public Path path(RelativePath path) throws TreeException {
    try {
      return root.resolve(path.text().orElseThrow(TextNames::notText));
    } catch (InvalidPathException invalid) {
      throw notText();
    }
  }

  @Override
  public byte[] octets(Path relative) {
    return relative.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Path linkText(Bytes text) throws TreeException {
    String decoded = new String(text.toArray(), StandardCharsets.UTF_8);
    if (!Bytes.copyOf(decoded.getBytes(StandardCharsets.UTF_8)).equals(text)) {
      throw notText();
    }
    return root.getFileSystem().getPath(decoded);
  }

  @Override
  public Bytes linkText(Path target) {
    return Bytes.copyOf(octets(target));
  }

  private static TreeException notText() {
    return new TreeException(
        new Problem(Problem.Kind.UNSUPPORTED, "names of this file system are text"));
  }
}
