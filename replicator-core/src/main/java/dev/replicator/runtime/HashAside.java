package dev.replicator.runtime;

import dev.replicator.content.ChunkHash;
import dev.replicator.model.Digest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/*
 * Of the time that a large file takes, half is its digests, and half is reading it and finding the
 * ends of its chunks. These two go on at once. The thread ends with the file: it is started for
 * files that take many times longer.
 */

/** Hashes on a thread of its own what another one reads and cuts. */
final class HashAside implements ChunkHash, AutoCloseable {
  static final int BUFFER_BYTES = 256 * 1_024;
  private static final int BUFFERS = 4;

  private final ChunkHash hash;
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> free = new LinkedBlockingQueue<>();
  private boolean open = true;

  HashAside() {
    this(ChunkHash.atOnce());
  }

  /**
   * @param hash is called on the other thread
   */
  HashAside(ChunkHash hash) {
    this.hash = hash;
    for (int number = 0; number < BUFFERS; number++) {
      free.add(new byte[BUFFER_BYTES]);
    }
    Thread.ofPlatform().name("hash").daemon().start(this::run);
  }

  private void run() {
    try {
      while (open) {
        tasks.take().run();
      }
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    }
  }

  /** A buffer of which all was taken; waits for one. */
  byte[] buffer() throws InterruptedException {
    return free.take();
  }

  /** What {@code buffer} holds was given: as soon as it is taken it is free. */
  void given(byte[] buffer) {
    tasks.add(() -> free.add(buffer));
  }

  @Override
  public void update(byte[] bytes, int from, int length) {
    tasks.add(() -> hash.update(bytes, from, length));
  }

  @Override
  public Supplier<Digest> end() {
    CompletableFuture<Digest> digest = new CompletableFuture<>();
    tasks.add(() -> digest.complete(hash.end().get()));
    return digest::join;
  }

  @Override
  public void hole(long length) {
    tasks.add(() -> hash.hole(length));
  }

  @Override
  public void reset() {
    tasks.add(hash::reset);
  }

  /** The thread ends once it has taken what was given. */
  @Override
  public void close() {
    tasks.add(() -> open = false);
  }
}
