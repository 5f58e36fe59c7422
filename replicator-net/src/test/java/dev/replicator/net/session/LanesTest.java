package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Message.Lane;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queues of a connection whose network thread does not come to its turn. */
final class LanesTest {
  private static final Frame MEGABYTE = new Frame(FrameType.MESSAGE, 0, new byte[1_024 * 1_024]);

  private final Lanes lanes = new Lanes(new EmbeddedChannel());

  @ParameterizedTest
  @EnumSource
  void takesNothingMoreOnceALaneIsOverItsBound(Lane lane) throws InterruptedException {
    long queuedMax = fill(lane);

    for (int more = 0; more < 10; more++) {
      assertTrue(lanes.add(Lane.CONTROL, MEGABYTE), "told once");
      assertTrue(lanes.add(Lane.BULK, MEGABYTE), "told once");
      lanes.addInTurn(MEGABYTE);
    }
    assertEquals(queuedMax, lanes.queuedBytes(Lane.CONTROL) + lanes.queuedBytes(Lane.BULK));
  }

  @Test
  void takesUpToItsBound() {
    assertEquals(SessionLimits.BULK_QUEUE_BYTES_MAX + MEGABYTE.body().length, fill(Lane.BULK));
  }

  private long fill(Lane lane) {
    boolean within = true;
    while (within) {
      within = lanes.add(lane, MEGABYTE);
    }
    assertFalse(lanes.queuedBytes(lane) == 0);
    return lanes.queuedBytes(lane);
  }
}
