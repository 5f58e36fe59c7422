package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.TreeUnderTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A daemon without any locale knows every name all the same. */
final class PlainLocaleTest extends LinuxTreeFixture {
  /** Prints the names of a root in hexadecimal digits. */
  static final class Lister {
    private Lister() {}

    public static void main(String[] arguments) throws Exception {
      try (LinuxTree tree = LinuxTree.open(Path.of(arguments[0]), Path.of(arguments[1]))) {
        for (Child child : tree.list(RelativePath.ROOT)) {
          assertInstanceOf(Tree.Look.Found.class, tree.look(child.path()));
          System.out.println(Bytes.copyOf(child.path().toArray()).toHex());
        }
      }
    }
  }

  @Test
  void listsAndFindsEveryNameInThePlainLocale() throws Exception {
    List<RelativePath> names =
        List.of(TreeUnderTest.raw("caf\u00c3\u00a9.jpg"), TreeUnderTest.raw("\u00ff\n"));
    for (RelativePath name : names) {
      assertInstanceOf(
          Exchanged.Done.class, tree().exchange(name, fileIntent(Optional.empty(), "x")));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path", "")),
            Lister.class.getName(),
            root().toString(),
            base().resolve("other").toString());
    builder.environment().put("LC_ALL", "C");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());

    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(
        names.stream().map(name -> Bytes.copyOf(name.toArray()).toHex()).toList(),
        output.lines().toList());
  }
}
