package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command that runs on a real node once changes of another one show. */
@Timeout(120)
class AfterApplyTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path home;
  private Cluster cluster;
  private TestNode a;
  private TestNode b;
  private Path told;

  @BeforeEach
  void start() throws IOException {
    a = TestNode.init(home, "a");
    b = TestNode.init(home, "b");
    told = home.resolve("told");
    Path program =
        Files.writeString(home.resolve("forget"), "#!/bin/sh\ntr '\\0' '\\n' <\"$1\" >>" + told);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        b.config(),
        "[root.after_apply]\ncommand = [\"%s\", \"{paths}\"]\nonly = [\"*.php\"]\n"
            .formatted(program),
        StandardOpenOption.APPEND);
    cluster = new Cluster(List.of(a, b));
    a.start();
    Cluster.join(a, b);
    b.start();
    a.awaitLive(1);
    b.awaitLive(1);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void awaitTold(String... paths) {
    Set<String> wanted = Set.of(paths);
    Deadline.in(SOON)
        .await(
            "the command is told of " + wanted,
            () ->
                Files.exists(told)
                    && new TreeSet<>(Files.readAllLines(told)).equals(new TreeSet<>(wanted)),
            b::describe);
  }

  @Test
  void isToldOfCodeThatChangesComesAsADirectoryMovesAndGoes() throws IOException {
    Path outside = Files.createDirectories(home.resolve("unpacked"));
    Files.writeString(outside.resolve("main.php"), "<?php // 1");
    Files.writeString(outside.resolve("logo.svg"), "<svg/>");
    Files.writeString(a.path("index.php"), "<?php");
    awaitTold("index.php");

    Files.move(outside, a.path("plugin"));
    awaitTold("index.php", "plugin/main.php");

    Files.move(a.path("plugin"), a.path("renamed"));
    awaitTold("index.php", "plugin/main.php", "renamed/main.php");

    Files.delete(told);
    Files.writeString(b.path("ours.php"), "<?php // not of a peer");
    Files.delete(a.path("index.php"));
    awaitTold("index.php");
    assertTrue(Files.exists(b.path("renamed/logo.svg")));
  }

  @Test
  void saysInStatusThatItFailed() throws IOException {
    Files.delete(home.resolve("forget"));
    Files.writeString(a.path("index.php"), "<?php");

    Deadline.in(SOON)
        .await(
            "b says that the command failed",
            () -> b.rootStatus().notes().stream().anyMatch(it -> it.startsWith("after_apply: ")),
            b::describe);
    assertEquals("<?php", Files.readString(b.path("index.php")));
  }
}
