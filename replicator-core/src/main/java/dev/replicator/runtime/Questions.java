package dev.replicator.runtime;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/** What somebody waits for: all of it fails at once when the root has ended. Thread-safe. */
final class Questions {
  private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
  private volatile Optional<RootEndedException> end = Optional.empty();

  <T> CompletableFuture<T> open() {
    CompletableFuture<T> question = new CompletableFuture<>();
    open.add(question);
    Future<?> unused = question.whenComplete((answer, failure) -> open.remove(question));
    // Whoever ended in between has not seen it.
    end.ifPresent(question::completeExceptionally);
    return question;
  }

  void end(RootEndedException reason) {
    end = Optional.of(reason);
    open.forEach(question -> question.completeExceptionally(reason));
  }
}
