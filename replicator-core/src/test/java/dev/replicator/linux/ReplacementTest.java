package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.GroupMember;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Directories that take the place of others on a real disk, where only that can show it. */
class ReplacementTest extends LinuxTreeFixture {
  private static final RelativePath TOP = RelativePath.of("plugins/shop");
  private static final RelativePath FILE = TOP.child("file");
  private static final RelativePath STAYS = TOP.child("stays");

  private Optional<Materialised> expected(RelativePath path) throws TreeException {
    return Optional.of(materialised(path.toString()));
  }

  private List<GroupMember> installed() throws TreeException {
    user().makeDirectory(TOP.parent());
    user().makeDirectory(TOP);
    user().write(FILE, "before");
    user().write(STAYS, "stays");
    List<GroupMember> members = new ArrayList<>();
    members.add(new GroupMember(TOP, stagedIntent(expected(TOP), directoryTarget(0750))));
    members.add(new GroupMember(FILE, fileIntent(expected(FILE), "after")));
    return members;
  }

  @Test
  void givesBackAnotherReleaseThatWasExchangedJustBeforeACrash() throws Exception {
    List<GroupMember> members = installed();
    Map<RelativePath, Stamp> stayed = Map.of(STAYS, found(STAYS).stamp());
    RelativePath theirs = TOP.child("photos").child("only-copy");
    inTheWindow(() -> {
      user().move(TOP, RelativePath.of("plugins/aside"));
      user().makeDirectory(TOP);
      user().makeDirectory(theirs.parent());
      user().write(theirs, "theirs");
      afterTheChange(() -> {
        throw new IllegalStateException("killed");
      });
    });
    assertThrows(IllegalStateException.class, () -> tree().arrive(members));
    Tree reopened = reopen();

    reopened.disperse(members, stayed);
    Settled settled = reopened.settle(TOP, members.getFirst().intent());
    reopened.disband(members);

    assertInstanceOf(Settled.NotApplied.class, settled);
    assertEquals("theirs", user().read(theirs));
    assertFalse(user().exists(FILE));
    assertEquals("before", user().read(RelativePath.of("plugins/aside/file")));
  }

  @Test
  void replacesNoDirectoryThatIsDeeperThanItCouldBeTakenApart() throws Exception {
    List<GroupMember> members = installed();
    RelativePath deep = TOP;
    for (int i = 0; i <= Replacement.DEPTH_MAX; i++) {
      deep = deep.child("d");
      user().makeDirectory(deep);
      members.add(new GroupMember(deep, removal(materialised(deep.toString()))));
    }

    var failed = assertInstanceOf(Arrived.Failed.class, tree().arrive(members));

    assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
    assertEquals("before", user().read(FILE));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  void takesWhatIsWrittenInTheWindowForAWriteThoughItsTimeIsPutBack() throws Exception {
    List<GroupMember> members = installed();
    Path file = root().resolve(FILE.toString());
    inTheWindow(() -> {
      try {
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "BEFORE", StandardOpenOption.WRITE);
        Files.setLastModifiedTime(file, time);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    });

    var done = assertInstanceOf(Arrived.Done.class, tree().arrive(members));

    Tree.Exchanged ended =
        done.members().stream()
            .filter(put -> put.path().equals(FILE))
            .findFirst()
            .orElseThrow()
            .exchanged();
    var overtaken = assertInstanceOf(Tree.Exchanged.Overtaken.class, ended);
    assertEquals("after", user().read(FILE));
    assertEquals("BEFORE", inStaging(overtaken.displaced()));
  }

  private String inStaging(String name) throws TreeException, IOException {
    try (SeekableByteChannel channel = tree().readStaged(name)) {
      ByteBuffer content = ByteBuffer.allocate((int) channel.size());
      channel.read(content);
      return StandardCharsets.UTF_8.decode(content.flip()).toString();
    }
  }

  /** Its events would be told under a name in staging: no one would hear of what is written. */
  @Test
  void replacesNoDirectoryInWhichSomebodyHasOpenForWritingWhatStays() throws Exception {
    List<GroupMember> members = installed();
    Path stays = root().resolve(STAYS.toString());
    try (FileChannel writer = FileChannel.open(stays, StandardOpenOption.WRITE)) {
      var failed = assertInstanceOf(Arrived.Failed.class, tree().arrive(members));

      assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
      assertEquals(1, writer.write(ByteBuffer.wrap(new byte[] {'S'})));
    }
    assertEquals("before", user().read(FILE));
    assertEquals("Stays", user().read(STAYS));
  }
}
