package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody deletes everything, and takes longer than the guard waits. */
class EmptiedRootTest extends BackupScenario {
  @Test
  void isHeldWithWhatWentBeforeInTheReason() {
    begin();
    write(one(), F, "f");
    List<RelativePath> rest = List.of(G, RelativePath.of("h"), RelativePath.of("i"));
    rest.forEach(path -> write(one(), path, "rest"));
    user.delete(one(), F);
    cluster.run(ALONE);
    rest.forEach(path -> user.delete(one(), path));
    cluster.run(ALONE);
    assertEquals("nothing", text(two(), F));
    rest.forEach(path -> assertEquals("rest", text(two(), path)));
    String reason = one().replica().heldReason();
    assertTrue(reason.contains("1 deletion before them went to the peers already"), reason);
  }
}
