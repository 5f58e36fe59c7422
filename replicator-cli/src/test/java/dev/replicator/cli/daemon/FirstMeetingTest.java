package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.cli.FakeRoots;
import dev.replicator.cli.Workplace;
import dev.replicator.model.Initial;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.port.Chronicle.Kind;
import dev.replicator.runtime.RootEnd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody asked for when he joined is about the tree that he had then. */
final class FirstMeetingTest {
  private static final long PATIENCE_SECONDS = 20;

  @TempDir private Path directory;
  private final List<Happening> passed = new ArrayList<>();

  private StateDirectory state() throws Exception {
    StateDirectory state = StateDirectory.prepare(directory.resolve("state"));
    state.initial("site", Initial.MINE);
    state.initial("other", Initial.THEIRS);
    return state;
  }

  @Test
  void forgetsItOnceTheRootIsLive() throws Exception {
    StateDirectory state = state();
    Chronicle chronicle = new FirstMeeting(state, passed::add);
    chronicle.tell(Happening.of("site", Kind.STATE, "scanning"));
    assertEquals(Initial.MINE, state.initial("site"));
    chronicle.tell(Happening.of("site", Kind.STATE, "live"));
    assertEquals(Initial.UNION, state.initial("site"));
    assertEquals(Initial.THEIRS, state.initial("other"));
    assertEquals(2, passed.size());
  }

  @Test
  void aRootThatFailsAfterItIsOpenedAgainWithoutIt() throws Exception {
    Workplace place = new Workplace(directory, "web1").drawn();
    StateDirectory state = StateDirectory.prepare(place.state());
    state.initial("site", Initial.MINE);
    BlockingQueue<Initial> asked = new LinkedBlockingQueue<>();
    FakeRoots roots = new FakeRoots();
    RootFactory noting =
        (root, link, setting) -> {
          asked.add(setting.initial());
          return roots.open(root, link, setting);
        };
    try (Daemon running =
        Daemon.start(place.configuration(), Daemon.Mode.SERVING, noting, MeshNetwork.factory())) {
      assertEquals("web1", running.name());
      assertEquals(Initial.MINE, asked.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
      state.forgetInitial("site");
      roots.root("site").ended.complete(new RootEnd.Failed("the disk is full"));
      assertEquals(Initial.UNION, asked.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
  }
}
