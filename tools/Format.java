import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Checks ({@code check}) or rewrites ({@code write}) the layout of all Java sources with
 * google-java-format. One JVM serves all modules; the build runs it from the root.
 */
public final class Format {
  private static final Formatter FORMATTER = new Formatter();

  private Format() {}

  public static void main(String[] args) throws IOException {
    Path top = Path.of("").toAbsolutePath();
    boolean write = args[0].equals("write");
    List<String> findings =
        sources(top)
            .parallel()
            .map(file -> visit(top, file, write))
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    findings.forEach(System.err::println);
    if (!write && !findings.isEmpty()) {
      System.err.println("Format them with: mvn -N -Pformat process-sources");
      System.exit(1);
    }
  }

  private static Stream<Path> sources(Path top) throws IOException {
    try (Stream<Path> children = Files.list(top)) {
      return children
          .flatMap(child -> Stream.of(child.resolve("src"), child))
          .filter(folder -> folder.endsWith("src") || folder.endsWith("tools"))
          .filter(Files::isDirectory)
          .toList()
          .stream()
          .flatMap(Format::javaFiles);
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what is to be said of {@code file}, or null when it is formatted. */
  private static String visit(Path top, Path file, boolean write) {
    try {
      String before = Files.readString(file);
      String after = format(before);
      if (after.equals(before)) {
        return null;
      }
      if (write) {
        Files.writeString(file, after);
      }
      return top.relativize(file) + (write ? ": formatted" : ": not formatted");
    } catch (FormatterException e) {
      return top.relativize(file) + ": " + e.getMessage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String format(String source) throws FormatterException {
    String imports =
        ImportOrderer.reorderImports(
            RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.GOOGLE);
    return FORMATTER.formatSource(imports);
  }
}
