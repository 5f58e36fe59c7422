package dev.replicator.cli.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/** Finds and parses the files of a configuration within fixed bounds. */
final class ConfigFiles {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private ConfigFiles() {}

  /** A file or directory could not be read at all. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ConfigError error;

    private UnreadableException(Path file, IOException cause) {
      super(cause);
      this.error = new ConfigError(file, 0, words(cause));
    }

    ConfigError error() {
      return error;
    }
  }

  private static String words(IOException cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "no such file; `replicator init` writes one";
      case AccessDeniedException _ -> "permission denied; run as the user that the daemon runs as";
      default -> "cannot be read: " + cause.getMessage();
    };
  }

  static List<Path> withDropIns(Path main) throws UnreadableException {
    List<Path> files = new ArrayList<>();
    Path directory = main.resolveSibling("conf.d");
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.toml")) {
        for (Path file : found) {
          files.add(file);
          if (files.size() > ConfigLimits.FILES_MAX) {
            throw new IOException("more than " + ConfigLimits.FILES_MAX + " files");
          }
        }
      } catch (IOException failure) {
        throw new UnreadableException(directory, failure);
      }
    }
    Collections.sort(files);
    files.addFirst(main);
    return files;
  }

  static boolean hasDropIns(Path main) {
    try {
      return withDropIns(main).size() > 1;
    } catch (UnreadableException unreadable) {
      return false;
    }
  }

  /** Parses one file; empty when it has errors, which are then among the findings. */
  static Optional<TomlParseResult> parse(Path file, Findings findings) {
    Optional<String> text = text(file, findings);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    TomlParseResult result;
    try {
      result =
          Toml.parse(
              text.get(),
              TomlParseOptions.sourceless().withMaxNestingDepth(ConfigLimits.NESTING_MAX));
    } catch (RuntimeException unsaid) {
      // Some unfinished values in braces are more than the parser can put into words.
      findings.error(file, 0, "not TOML, and the parser cannot say where; look at values in { }");
      return Optional.empty();
    }
    for (TomlParseError error : result.errors()) {
      TomlPosition position = error.position();
      String message = String.valueOf(error.getMessage());
      findings.error(file, position == null ? 0 : position.line(), message);
    }
    return result.errors().isEmpty() ? Optional.of(result) : Optional.empty();
  }

  private static Optional<String> text(Path file, Findings findings) {
    try (InputStream stream = Files.newInputStream(file)) {
      if (isWritableByAll(file)) {
        findings.error(file, 0, "everybody may write it; chmod o-w it first");
      }
      byte[] octets = stream.readNBytes(ConfigLimits.FILE_BYTES_MAX + 1);
      if (octets.length > ConfigLimits.FILE_BYTES_MAX) {
        findings.error(file, 0, "larger than " + ConfigLimits.FILE_BYTES_MAX + " bytes");
        return Optional.empty();
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
      return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    } catch (CharacterCodingException malformed) {
      findings.error(file, 0, "not in UTF-8");
    } catch (IOException failure) {
      findings.error(file, 0, words(failure));
    }
    return Optional.empty();
  }

  private static boolean isWritableByAll(Path file) throws IOException {
    return Files.isRegularFile(file)
        && Files.getFileStore(file).supportsFileAttributeView("posix")
        && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
  }
}
