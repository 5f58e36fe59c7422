package dev.replicator.cli.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Work beside a test: each on a thread of its own, as the pool of all may have but one. */
final class Aside {
  private Aside() {}

  static <T> CompletableFuture<T> run(Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, task -> Thread.ofPlatform().daemon().name("aside").start(task));
  }
}
