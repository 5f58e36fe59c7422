package dev.replicator.runtime;

import dev.replicator.model.Count;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Clock;
import dev.replicator.port.CommandRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command of the administrator once changes of peers show in a root: what caches them, as
 * PHP does, is to forget them. It runs after the changes, never instead of one, and nothing waits
 * for it. What it was not told of for certain, it is told of again, also after a crash.
 */
public final class AfterApply implements Chronicle {
  private static final Logger LOG = LoggerFactory.getLogger(AfterApply.class);
  private static final Duration LAST_RUN_MAX = Duration.ofSeconds(3);
  private static final int WORDS_MAX = 200;

  private final String root;
  private final Command command;
  private final CommandRunner runner;
  private final Clock clock;
  private final Chronicle next;

  /** Is there while the command may still have to be told of something. */
  private final Path owed;

  /** The paths of one run, each followed by a NUL. */
  private final Path names;

  private final AfterApplyQueue queue = new AfterApplyQueue();
  private final Thread thread;
  private boolean closing;
  private volatile String problem = "";

  /**
   * What runs.
   *
   * @param arguments the first of them an absolute path; {@code {paths}} in one of them stands for
   *     a file with the paths that changed, relative to the root, each followed by a NUL, which is
   *     empty where all may have changed
   * @param wanted the paths for which it runs
   * @param deadline after which it is killed and has failed
   */
  public record Command(List<String> arguments, Predicate<RelativePath> wanted, Duration deadline) {
    private static final String PATHS = "{paths}";

    public Command {
      arguments = List.copyOf(arguments);
    }

    List<String> naming(Path file) {
      return arguments.stream().map(it -> it.replace(PATHS, file.toString())).toList();
    }
  }

  /**
   * @param state a directory of the root's own that outlives the daemon
   * @param next told of everything, too
   */
  public AfterApply(
      String root, Command command, CommandRunner runner, Path state, Clock clock, Chronicle next) {
    this.root = root;
    this.command = command;
    this.runner = runner;
    this.clock = clock;
    this.next = next;
    this.owed = state.resolve("after-apply.owed");
    this.names = state.resolve("after-apply.paths");
    this.thread = new Thread(this::work, "after-apply-" + root);
    thread.setDaemon(true);
  }

  void start() {
    synchronized (queue) {
      if (Files.exists(owed)) {
        queue.addUnnamed(clock.monotonicNanos());
      }
    }
    try {
      Files.write(owed, new byte[0]);
    } catch (IOException e) {
      fail("cannot be remembered over a crash: " + e);
    }
    thread.start();
  }

  @Override
  public void tell(Happening happening) {
    next.tell(happening);
    boolean shows = happening.kind() == Kind.APPLIED || happening.kind() == Kind.REMOVED;
    if (shows) {
      happening.path().filter(command.wanted()).ifPresent(this::changed);
    }
  }

  private void changed(RelativePath path) {
    synchronized (queue) {
      boolean first = queue.isEmpty();
      queue.add(path, clock.monotonicNanos());
      if (first) {
        queue.notifyAll();
      }
    }
  }

  /** What an administrator must know of it, "" when all is well. */
  String problem() {
    return problem;
  }

  private void work() {
    try {
      for (Optional<AfterApplyQueue.Batch> due = next(); due.isPresent(); due = next()) {
        run(due.get());
      }
    } catch (InterruptedException e) {
      LOG.debug("root {}: the command is not waited for", root);
    }
  }

  private void run(AfterApplyQueue.Batch batch) throws InterruptedException {
    Optional<String> failure = Optional.of("the daemon ended");
    try {
      failure = tryToRun(batch);
    } finally {
      synchronized (queue) {
        if (failure.isPresent()) {
          queue.failed(batch, clock.monotonicNanos());
        } else {
          queue.succeeded();
        }
      }
    }
    failure.ifPresentOrElse(this::failAndSayWhen, () -> problem = "");
  }

  /** Empty when the root ends and there is nothing to run for, or no use in trying. */
  private Optional<AfterApplyQueue.Batch> next() throws InterruptedException {
    synchronized (queue) {
      while (true) {
        OptionalLong wait = queue.waitNanos(clock.monotonicNanos());
        if (closing) {
          return wait.isEmpty() || queue.hasFailed() ? Optional.empty() : Optional.of(queue.take());
        }
        if (wait.isPresent() && wait.getAsLong() == 0) {
          return Optional.of(queue.take());
        }
        // A millisecond more, for a wait is cut to whole ones.
        queue.wait(wait.isPresent() ? TimeUnit.NANOSECONDS.toMillis(wait.getAsLong()) + 1 : 0);
      }
    }
  }

  private Optional<String> tryToRun(AfterApplyQueue.Batch batch) throws InterruptedException {
    long began = clock.monotonicNanos();
    try {
      Files.write(names, bytes(batch.names()));
      CommandRunner.Result result = runner.run(command.naming(names), command.deadline());
      if (result.exitCode() != 0) {
        return Optional.of("exit code " + result.exitCode() + words(result.errors()));
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(clock.monotonicNanos() - began);
      String what = batch.isUnnamed() ? "all paths" : Count.of(batch.names().size(), "path");
      next.tell(Happening.of(root, Kind.FOLLOWED, what + ", " + millis + " ms"));
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      // Whatever it was, the next run is due: a thread that ends would never say so.
      return Optional.of(e.toString());
    }
  }

  private static byte[] bytes(List<RelativePath> paths) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (RelativePath path : paths) {
      bytes.writeBytes(path.toArray());
      bytes.write(0);
    }
    return bytes.toByteArray();
  }

  private static String words(String errors) {
    String first =
        errors.lines().map(String::strip).filter(it -> !it.isEmpty()).findFirst().orElse("");
    return first.isEmpty() ? "" : ": " + first.substring(0, Math.min(first.length(), WORDS_MAX));
  }

  private void failAndSayWhen(String why) {
    long seconds;
    synchronized (queue) {
      seconds = TimeUnit.NANOSECONDS.toSeconds(queue.againNanos());
    }
    fail("failed: " + why + "; it runs again after " + seconds + " s");
  }

  private void fail(String what) {
    problem = "after_apply: " + command.arguments().getFirst() + " " + what;
    LOG.warn("root {}: {}", root, problem);
    next.tell(Happening.of(root, Kind.PROBLEM, problem));
  }

  /**
   * Runs once more for what is left, then ends; what it could not tell is told at the next start.
   */
  void close() {
    synchronized (queue) {
      closing = true;
      queue.notifyAll();
    }
    try {
      thread.join(LAST_RUN_MAX);
      thread.interrupt();
      thread.join(LAST_RUN_MAX);
      synchronized (queue) {
        if (queue.isEmpty() && !thread.isAlive()) {
          Files.deleteIfExists(owed);
        }
      }
      Files.deleteIfExists(names);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("root {}: {}", root, e.toString());
    }
  }
}
