package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Dot;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.port.Chronicle.Kind;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What two engines tell of what happens to them. */
class ChroniclerTest extends TwoEngines {
  private final List<Happening> toldHere = new CopyOnWriteArrayList<>();
  private final List<Happening> toldThere = new CopyOnWriteArrayList<>();

  @Override
  void prepare(String name, EngineOnDisk parts) {
    parts.chronicle((name.equals("here") ? toldHere : toldThere)::add);
  }

  private static List<String> of(List<Happening> told, String path) {
    return told.stream()
        .filter(it -> it.path().equals(Optional.of(RelativePath.of(path))))
        .map(ChroniclerTest::words)
        .toList();
  }

  private static String words(Happening told) {
    String peer =
        told.peer()
            .map(it -> " " + (it.equals(EngineOnDisk.node(1)) ? "here" : "there"))
            .orElse("");
    return told.kind() + peer + (told.detail().isEmpty() ? "" : " " + told.detail());
  }

  private static List<String> of(List<Happening> told, Kind kind) {
    return told.stream().filter(it -> it.kind() == kind).map(ChroniclerTest::words).toList();
  }

  @Test
  void tellsWhoWroteAndWhereItShows() throws Exception {
    write("there", "told", "12345");
    settle();
    Files.delete(file("there", "told"));
    settle();

    assertEquals(List.of("WRITTEN file, 5 bytes", "DELETED"), of(toldThere, "told"));
    assertEquals(
        List.of("APPLIED there file, 5 bytes", "REMOVED there file, 5 bytes"),
        of(toldHere, "told"));
  }

  @Test
  void tellsOfModesAndTimesWithoutCallingThemContent() throws Exception {
    assertTrue(file("there", "f").toFile().setExecutable(true));
    settle();

    assertEquals("WRITTEN metadata", of(toldThere, "f").getLast());
    assertEquals("APPLIED there metadata", of(toldHere, "f").getLast());
  }

  @Test
  void tellsOfAllThatIsPutAsAWhole() throws Exception {
    Files.createDirectories(directory.resolve("aside/plugin/inner"));
    Files.writeString(directory.resolve("aside/plugin/inner/x"), "x");
    Files.move(directory.resolve("aside/plugin"), file("there", "plugin"));
    await(() -> read("here", "plugin/inner/x").equals("x"));
    settle();

    assertEquals(List.of("WRITTEN file, 1 byte"), of(toldThere, "plugin/inner/x"));
    assertEquals(List.of("APPLIED there directory"), of(toldHere, "plugin"));
    assertEquals(List.of("APPLIED there directory"), of(toldHere, "plugin/inner"));
    assertEquals(List.of("APPLIED there file, 1 byte"), of(toldHere, "plugin/inner/x"));
  }

  @Test
  void tellsOfAConflictOnceAndOfItsEnd() throws Exception {
    mesh.disconnect(here, there);
    write("here", "f", "mine");
    write("there", "f", "theirs");
    await(() -> !of(toldHere, Kind.WRITTEN).isEmpty() && of(toldThere, Kind.WRITTEN).size() == 2);
    mesh.connect(here, there);
    settle();
    await(() -> engine().report().conflicts() == 1);
    assertEquals(List.of("CONFLICT there 2 versions"), of(toldHere, Kind.CONFLICT));
    assertEquals(List.of("CONFLICT here 2 versions"), of(toldThere, Kind.CONFLICT));

    write("here", "f", "over what shows");
    settle();
    ConflictReport conflict =
        engine().conflicts(ReplicatedRoot.ConflictKind.WRITTEN, 1).get().getFirst();
    List<Dot> versions = conflict.versions().stream().map(VersionReport::dot).toList();
    engine().resolve(conflict.path(), versions.getFirst(), Set.copyOf(versions)).get();
    settle();
    await(() -> engine().report().conflicts() == 0);
    assertEquals(List.of("RESOLVED"), of(toldHere, Kind.RESOLVED));
    assertEquals(List.of("RESOLVED here"), of(toldThere, Kind.RESOLVED));
    assertEquals(1, of(toldHere, Kind.CONFLICT).size());
  }

  @Test
  void tellsOfPeersAndOfWhatTheRootDoes() throws Exception {
    mesh.disconnect(here, there);
    engine().pause().get();
    engine().resume().get();
    engine().resync(new ResyncReport.Order(true, false), report -> {}).get();
    engine().verify(new VerifyReport.Order(true, Long.MAX_VALUE), report -> {}).get();
    // Who asked is answered first.
    await(() -> !of(toldHere, Kind.RESYNCED).isEmpty() && !of(toldHere, Kind.VERIFIED).isEmpty());

    assertEquals(List.of("CONNECTED there"), of(toldHere, Kind.CONNECTED));
    assertEquals(List.of("DISCONNECTED there"), of(toldHere, Kind.DISCONNECTED));
    assertEquals(
        List.of(
            "STATE starting",
            "STATE scanning",
            "STATE live",
            "STATE paused: `replicator resume` lets it go on",
            "STATE live"),
        of(toldHere, Kind.STATE));
    assertEquals(
        List.of("RESYNCED 0 records compared with 0 peers, 0 differed, 0 paths taken in here"),
        of(toldHere, Kind.RESYNCED));
    assertEquals(
        List.of("VERIFIED 1 file read again, 0 damaged, 0 of them healed"),
        of(toldHere, Kind.VERIFIED));
  }

  @Test
  void tellsWhyAPathWaitsOnceForEachReason() throws Exception {
    Files.createDirectories(file("here", "d"));
    Files.writeString(file("here", "d/x"), "x");
    settle();
    try (var writer = append("d/x")) {
      write(writer, "y");
      write("there", "d/x", "other");
      await(() -> !of(toldHere, Kind.PENDING).isEmpty());
    }
    settle();

    assertEquals(
        of(toldHere, Kind.PENDING).stream().distinct().toList(), of(toldHere, Kind.PENDING));
    assertTrue(of(toldHere, "d/x").getFirst().startsWith("WRITTEN"), of(toldHere, "d/x")::toString);
  }

  @Test
  void tellsOfWhatIsHeldAndThatItWasApproved() throws Exception {
    for (String name : List.of("g", "h", "i")) {
      write("here", name, name);
    }
    settle();
    for (String name : List.of("f", "g", "h", "i")) {
      Files.delete(file("here", name));
    }
    await(() -> engine().report().held() == 4);
    assertEquals(List.of(), engine().report().notes());
    engine().approve(false).get();
    settle();

    assertEquals(
        List.of(
            "HELD the root is empty: 4 deletions are held until `replicator approve`, or until the"
                + " files are back"),
        of(toldHere, Kind.HELD));
    assertEquals(List.of("APPROVED 4 deletions go on"), of(toldHere, Kind.APPROVED));
    assertEquals(List.of(), of(toldHere, Kind.PROBLEM));
    assertEquals(List.of("REMOVED here file, 1 byte"), of(toldThere, "g").subList(1, 2));
  }
}
