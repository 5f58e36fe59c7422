package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.cli.FakeRoots;
import dev.replicator.cli.Workplace;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.daemon.MeshNetwork;
import dev.replicator.cli.exit.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Command lines of a node with roots that do as a test says. */
abstract class CommandScenario {
  @TempDir private Path temporary;
  Workplace place;
  FakeRoots roots;

  @BeforeEach
  void configure() {
    place = new Workplace(temporary, "web1").drawn();
    roots = new FakeRoots();
  }

  int run(String... words) {
    return Replicator.run(place.console, roots, MeshNetwork.factory(), words);
  }

  /** A command, and the configuration of this test. */
  int with(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", place.config().toString()));
    return run(all.toArray(String[]::new));
  }

  Daemon daemon() throws Failure {
    return Daemon.start(place.configuration(), Daemon.Mode.SERVING, roots, MeshNetwork.factory());
  }

  String printed(String... words) {
    place.out();
    assertEquals(0, with(words));
    return place.out();
  }
}
