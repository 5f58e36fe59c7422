package dev.replicator.cli.daemon;

import dev.replicator.port.Chronicle;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what {@code join --initial} asked for once a root is live: it is about the tree that this
 * node had when it joined. A journal that is begun anew later, over a tree from a backup, adopts
 * what it finds as union, whoever joined how.
 */
record FirstMeeting(StateDirectory state, Chronicle then) implements Chronicle {
  private static final Logger LOG = LoggerFactory.getLogger(FirstMeeting.class);
  private static final String LIVE = "live";

  @Override
  public void tell(Happening happening) {
    if (happening.kind() == Kind.STATE && happening.detail().equals(LIVE)) {
      try {
        state.forgetInitial(happening.root());
      } catch (IOException left) {
        LOG.warn("root {}: keeps what join --initial asked for: {}", happening.root(), left);
      }
    }
    then.tell(happening);
  }
}
