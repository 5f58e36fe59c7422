package dev.replicator.cli.demo;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches both trees from outside and tells how long after a change on one side the other side
 * shows the same. Both ends are measured by the same file events, so that their own delay cancels
 * out.
 */
final class LagWatch implements AutoCloseable {
  private static final String OWN_DIRECTORY = ".replicator";
  private static final double NANOS_PER_MILLI = 1_000_000;

  private final List<Path> trees;
  private final List<String> names;
  private final Consumer<Change> listener;
  private final WatchService service;
  private final Map<WatchKey, Place> places = new HashMap<>();
  private final TreeMap<String, Waiting> waiting = new TreeMap<>();
  private final Thread thread;

  /** A change that arrived. */
  record Change(String from, String to, String path, String what, double millis) {}

  /** What a key watches. */
  private record Place(int side, Path directory) {}

  /** What a path is; equal on both sides once the change has arrived. */
  private record State(String what, long size, long mtimeNanos) {}

  /** A change that the other side does not show yet. */
  private record Waiting(int side, State state, long nanos) {}

  LagWatch(DemoNode one, DemoNode two, Consumer<Change> listener) throws IOException {
    this.trees = List.of(one.tree(), two.tree());
    this.names = List.of(one.name(), two.name());
    this.listener = listener;
    this.service = one.tree().getFileSystem().newWatchService();
    for (int side = 0; side < trees.size(); side++) {
      watch(side, trees.get(side));
    }
    thread = Thread.ofPlatform().name("lag").daemon().start(this::run);
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        long nanos = System.nanoTime();
        Place place = places.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
          if (place != null && event.context() instanceof Path name) {
            seen(place.side(), place.directory().resolve(name), nanos);
          }
        }
        key.reset();
      }
    } catch (InterruptedException | ClosedWatchServiceException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void seen(int side, Path file, long nanos) {
    Path relative = trees.get(side).relativize(file);
    if (relative.startsWith(OWN_DIRECTORY)) {
      return;
    }
    try {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        watch(side, file);
      }
      compare(side, relative, nanos);
    } catch (IOException changing) {
      // It changed again while it was looked at: another event follows.
    }
  }

  private void compare(int side, Path relative, long nanos) throws IOException {
    String path = relative.toString();
    State here = state(trees.get(side).resolve(relative));
    State there = state(trees.get(1 - side).resolve(relative));
    Waiting before = waiting.get(path);
    if (!here.equals(there)) {
      if (before == null || before.side() == side) {
        waiting.put(path, new Waiting(side, here, nanos));
      }
      return;
    }
    if (before != null && before.side() != side && before.state().equals(here)) {
      waiting.remove(path);
      double millis = (nanos - before.nanos()) / NANOS_PER_MILLI;
      listener.accept(
          new Change(names.get(before.side()), names.get(side), path, here.what(), millis));
    }
  }

  private static State state(Path file) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException gone) {
      return new State("deleted", 0, 0);
    }
    if (attributes.isDirectory()) {
      return new State("directory", 0, 0);
    }
    if (attributes.isSymbolicLink()) {
      return new State("link to " + Files.readSymbolicLink(file), 0, 0);
    }
    long nanos = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    return new State("written", attributes.size(), nanos);
  }

  /** Watches a directory and all below; what appeared before the watch stood is looked at too. */
  private void watch(int side, Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes)
              throws IOException {
            if (found.getFileName().toString().equals(OWN_DIRECTORY)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            WatchKey key =
                found.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            boolean fresh = places.put(key, new Place(side, found)) == null;
            return fresh ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            compare(side, trees.get(side).relativize(file), System.nanoTime());
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    service.close();
    thread.interrupt();
  }
}
