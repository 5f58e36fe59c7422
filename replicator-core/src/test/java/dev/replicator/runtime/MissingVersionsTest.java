package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Somebody makes room in a vault, and takes a version that shows nowhere. */
final class MissingVersionsTest extends TwoEngines {
  private static final VerifyReport.Order HEAL =
      new VerifyReport.Order(false, VerifyReport.Order.NO_LIMIT);

  /** By then the vault is looked at for the first time. */
  private static final long FIRST_MILLIS = 61_000;

  private final SetClock clock = new SetClock();

  @Override
  void prepare(String name, EngineOnDisk parts) {
    parts.clock(clock);
  }

  /** Both write while they do not see each other. */
  private void conflict() throws Exception {
    mesh.disconnect(here, there);
    write("here", "f", "first");
    await(this::knowsTheFirst);
    clock.pass(1_000);
    write("there", "f", "second");
    mesh.connect(here, there);
    settle();
    assertEquals("second", read("here", "f"));
    assertEquals(1, kept().size());
  }

  private boolean knowsTheFirst() throws Exception {
    Entry known = engine().explain(PATH).get().record().orElseThrow().visibleEntry();
    return known instanceof Entry.File file && file.size() == "first".length();
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> ours =
        Stream.concat(
            Files.walk(directory.resolve("here")), Files.walk(directory.resolve("state-here")))) {
      return ours.filter(path -> path.toString().contains("/vault/"))
          .filter(MissingVersionsTest::isFirst)
          .toList();
    }
  }

  private static boolean isFirst(Path path) {
    try {
      return Files.isRegularFile(path) && Files.readString(path).equals("first");
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void verifyBringsItBackFromAPeer() throws Exception {
    conflict();
    Files.delete(kept().getFirst());
    engine().verify(HEAL, progress -> {}).get();
    await(() -> kept().size() == 1);
  }

  @Test
  void itIsFoundByItselfAfterAStart() throws Exception {
    conflict();
    stopHere();
    Files.delete(kept().getFirst());
    startHere();
    settle();
    clock.pass(FIRST_MILLIS);
    await(() -> kept().size() == 1);
  }
}
