package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.cli.Workplace;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RootPathTest {
  @TempDir private Path temporary;
  private Workplace place;
  private Configuration configuration;

  @BeforeEach
  void configure() {
    place = new Workplace(temporary, "web1");
    configuration = place.configuration();
  }

  private String resolve(String argument, Path directory) throws Failure {
    return RootPath.resolve(configuration, argument, directory).toString();
  }

  @Test
  void findsAbsolutePathsThatNeedNotExist() throws Failure {
    assertEquals("site:a/b.php", resolve(place.tree() + "/a/./b.php", Path.of("/")));
    assertEquals("site:", resolve(place.tree().toString(), Path.of("/")));
  }

  @Test
  void findsPathsRelativeToADirectoryInsideARoot() throws Failure {
    assertEquals("site:a/b.php", resolve("b.php", place.tree().resolve("a")));
    assertEquals("site:b.php", resolve("../b.php", place.tree().resolve("a")));
  }

  @Test
  void findsPathsByTheNameOfTheRootFromAnywhere() throws Failure {
    assertEquals("site:a/b.php", resolve("site:a/b.php", Path.of("/")));
    assertEquals("site:", resolve("site:", Path.of("/")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/elsewhere/x", "other:x", "site/../../x", "site:../../etc/passwd"})
  void refusesWhatIsInNoRoot(String argument) {
    Failure failure = assertThrows(Failure.class, () -> resolve(argument, Path.of("/")));
    assertEquals(ExitCode.USAGE, failure.code());
  }

  @Test
  void findsPathsRelativeToTheOnlyRootFromOutsideOfIt() throws Failure {
    assertEquals("site:a/b.php", resolve("a/b.php", Path.of("/")));
    assertEquals("site:a:b.php", resolve("./a:b.php", Path.of("/")));
    assertThrows(Failure.class, () -> resolve("../b.php", Path.of("/")));
  }

  @Test
  void takesTheNameOfARootWithoutItsColonForNoPathInIt() throws Failure {
    Failure failure = assertThrows(Failure.class, () -> resolve("site", Path.of("/")));
    assertEquals(ExitCode.USAGE, failure.code());
    assertEquals(
        "site is the name of a root: write site: for all of it, and ROOT:path for a path in it",
        failure.text());
    assertEquals("site:site", resolve("site", place.tree()));
    assertEquals("site:site", resolve("./site", Path.of("/")));
    assertEquals("site:site", resolve("site:site", Path.of("/")));
  }

  @Test
  void knowsNoOnlyRootAmongTwo() throws IOException {
    Files.createDirectory(place.directory.resolve("second"));
    place.writeConfig(
        "[[root]]\nname = \"second\"\npath = \"" + place.directory.resolve("second") + "\"\n");
    configuration = place.configuration();
    assertThrows(Failure.class, () -> resolve("b.php", Path.of("/")));
  }

  @Test
  void aDirectoryWhoseNameOnlyBeginsLikeTheRootIsOutside() {
    assertThrows(Failure.class, () -> resolve(place.tree() + "-old/x", Path.of("/")));
  }

  @Test
  void keepsBytesThatAreNotUtf8() throws Failure {
    byte[] name = {'a', (byte) 0xff, (byte) 0xc3, 'b'};
    RootPath found =
        RootPath.resolve(configuration, "site:" + Arguments.decode(name), Path.of("/"));
    assertArrayEquals(name, found.path().toArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void argumentsOfAnyBytesComeThroughUnchanged(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] octets = new byte[random.nextInt(40)];
      random.nextBytes(octets);
      assertArrayEquals(octets, Arguments.encode(Arguments.decode(octets)), "seed " + seed);
    }
  }
}
