package dev.replicator.runtime;

import dev.replicator.kernel.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the replica answers who asks it to stop. */
final class CleanStop implements Consumer<Answer> {
  private static final Logger LOG = LoggerFactory.getLogger(CleanStop.class);

  private final String root;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  CleanStop(String root) {
    this.root = root;
  }

  @Override
  public void accept(Answer given) {
    answer.complete(given);
  }

  /** Whether all came to rest in time, and is on the disk; who starts it again is warned. */
  boolean await(long millisMax) throws InterruptedException, ExecutionException {
    String reason;
    try {
      if (answer.get(millisMax, TimeUnit.MILLISECONDS) instanceof Answer.Refused refused) {
        reason = refused.reason();
      } else {
        return true;
      }
    } catch (TimeoutException slow) {
      reason = "what was under way took longer than " + millisMax / 1_000 + " s";
    }
    LOG.warn(
        "root {} did not end cleanly: {}. If the machine is restarted before it runs again, what is"
            + " changed until then is taken for older than what peers have",
        root,
        reason);
    return false;
  }
}
