package dev.replicator.cli.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;

/** Writes the first configuration of a node; from then on it is the administrator's. */
public final class ConfigWriter {
  private ConfigWriter() {}

  /** What the first configuration says. */
  public record Draft(
      String name, HostPort listen, Path state, Optional<HostPort> http, List<Root> roots) {}

  /** One root of it. */
  public record Root(String name, Path path, Optional<String> preset) {}

  /** The text, with a word about each table. */
  public static String text(Draft draft) {
    StringBuilder text = new StringBuilder();
    text.append("# Configuration of replicator. Check it with `replicator config check`.\n");
    text.append("# Files conf.d/*.toml beside this one are read after it.\n\n");
    text.append("[node]\n");
    line(text, "name", draft.name());
    line(text, "listen", draft.listen().toString());
    line(text, "state", draft.state().toString());
    draft.http().ifPresent(http -> line(text, "http", http.toString()));
    for (Root root : draft.roots()) {
      text.append("\n[[root]]\n");
      line(text, "name", root.name());
      line(text, "path", root.path().toString());
      root.preset().ifPresent(preset -> line(text, "preset", preset));
    }
    text.append("\n# Peers come by `replicator invite` and `replicator join`; they may also be\n");
    text.append("# written here as [[peer]] with name, address and key.\n");
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(" = \"").append(Toml.tomlEscape(value)).append("\"\n");
  }

  /** Creates {@code file}; false when there is one already, which is left alone. */
  public static boolean create(Path file, String text) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    try (FileChannel channel =
        FileChannel.open(
            file,
            java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")))) {
      ByteBuffer buffer = StandardCharsets.UTF_8.encode(text);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
      return true;
    } catch (FileAlreadyExistsException exists) {
      return false;
    }
  }
}
