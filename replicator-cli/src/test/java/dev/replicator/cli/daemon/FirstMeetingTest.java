package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Initial;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.port.Chronicle.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody asked for when he joined is about the tree that he had then. */
final class FirstMeetingTest {
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
}
