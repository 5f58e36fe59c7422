package dev.replicator.block;

import dev.replicator.port.CommandRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way to one goal: look, decide, do one thing, look again. Nothing that a tool says of its own
 * success is believed. Used from one thread.
 */
public final class BlockRun {
  private static final Logger LOG = LoggerFactory.getLogger(BlockRun.class);

  /** How long to wait between two looks, unless something was done. */
  public static final Duration PAUSE = Duration.ofSeconds(1);

  /** As often a step is tried that a busy peer refused, or that changed nothing. */
  private static final int TRIES_MAX = 5;

  /** So many looks in a row must ask the same of a person before he is asked. */
  private static final int LOOKS_ASKING = 3;

  /** Whoever wants to know what goes on. */
  public interface Listener {
    /** One thing is done now. */
    void acts(String step);

    /** Nothing is done until something comes; told at every look. */
    void waits(String what, Optional<Progress> progress);
  }

  private final BlockConfig config;
  private final String self;
  private final Permits permits;
  private final CommandRunner runner;
  private final ConfigurationFiles files;
  private final Memory memory;
  private final Observer observer;
  private final Commands commands;
  private Goal goal;
  private Optional<Step> lastStep = Optional.empty();
  private Optional<Refusal> lastRefusal = Optional.empty();
  private int tries;
  private int steps;
  private boolean stepped;
  private Optional<Observation> lastSeen = Optional.empty();
  private int looksUnchanged;
  private Optional<Decision> lastDecision = Optional.empty();
  private int looksAlike;

  public BlockRun(
      BlockConfig config,
      String self,
      Goal goal,
      Permits permits,
      CommandRunner runner,
      ConfigurationFiles files,
      Memory memory) {
    this.config = config;
    this.self = self;
    this.goal = goal;
    this.permits = permits;
    this.runner = runner;
    this.files = files;
    this.memory = memory;
    this.observer = new Observer(config, self, runner, files, memory);
    this.commands = new Commands(config, self);
  }

  /** Looks once. Takes 10 s for each tool that hangs. */
  Observation observe() throws InterruptedException {
    return observer.observe();
  }

  /** Looks once, and says what it means. */
  public BlockStatus status() throws InterruptedException {
    return BlockStatus.of(config, self, observer.observe());
  }

  /** The way ahead from what is seen now. */
  public Plan plan() throws InterruptedException {
    return Plan.of(config, self, goal, permits, observer.observe());
  }

  /** What the last look of {@link #advance} means. */
  public Optional<BlockStatus> lastStatus() {
    return lastSeen.map(seen -> BlockStatus.of(config, self, seen));
  }

  /** How long to wait before the next look: not at all after a step that nobody refused. */
  public Duration pause() {
    return stepped ? Duration.ZERO : PAUSE;
  }

  /** Looks, and does or waits for what comes next; empty while there is more to do. */
  public Optional<Ending> advance(Listener listener) throws InterruptedException {
    stepped = false;
    Observation seen = observer.observe();
    looksUnchanged = lastSeen.equals(Optional.of(seen)) ? looksUnchanged + 1 : 0;
    lastSeen = Optional.of(seen);
    remember(seen);
    Decision decision = Planner.decide(config, self, goal, permits, seen);
    looksAlike = lastDecision.equals(Optional.of(decision)) ? looksAlike + 1 : 1;
    lastDecision = Optional.of(decision);
    return switch (decision) {
      case Decision.Done(String text) -> Optional.of(new Ending.Reached(text));
      case Decision.AskPerson(String question) -> ask(question, seen, listener);
      case Decision.Await(Waiting waiting) -> await(waiting, seen, listener);
      case Decision.Act(Step step) -> act(step, listener);
    };
  }

  /** From then on no disk of this root that looks blank is taken for a new one. */
  private void remember(Observation seen) {
    boolean served =
        seen.mounted().found().filter(Observation.Mounted.Here.class::isInstance).isPresent()
            || seen.content().found().filter(Content.Ocfs2.class::isInstance).isPresent();
    if (served && seen.past() != Past.SERVED) {
      try {
        memory.remember(Past.SERVED);
      } catch (IOException failed) {
        LOG.warn("cannot remember that {} served: {}", config.device(), failed.toString());
      }
    }
  }

  /** A look takes several programs, between which the peer may go on: one look says nothing yet. */
  private Optional<Ending> ask(String question, Observation seen, Listener listener) {
    lastStep = Optional.empty();
    if (looksAlike >= LOOKS_ASKING) {
      return Optional.of(new Ending.NeedsPerson(question));
    }
    listener.waits("looking again: " + question, seen.progress());
    return Optional.empty();
  }

  private Optional<Ending> await(Waiting waiting, Observation seen, Listener listener) {
    lastStep = Optional.empty();
    if (looksUnchanged * PAUSE.toSeconds() >= waiting.patience().toSeconds()) {
      return Optional.of(
          new Ending.TimedOut(waiting, Assessor.assess(config, self, seen).reason()));
    }
    listener.waits("waiting for " + waiting.text(), seen.progress());
    return Optional.empty();
  }

  private Optional<Ending> act(Step step, Listener listener) throws InterruptedException {
    tries = lastStep.equals(Optional.of(step)) ? tries + 1 : 1;
    lastStep = Optional.of(step);
    if (++steps > BlockLimits.STEPS_MAX) {
      return Optional.of(
          new Ending.Failed(
              "took "
                  + BlockLimits.STEPS_MAX
                  + " steps and is not there; the next would be "
                  + commands.text(step)));
    }
    if (tries > TRIES_MAX) {
      return Optional.of(
          new Ending.Failed(
              commands.text(step)
                  + " was tried "
                  + TRIES_MAX
                  + " times in vain"
                  + lastRefusal.map(refusal -> ": " + refusal.text()).orElse("")));
    }
    listener.acts(commands.text(step));
    try {
      return execute(step);
    } catch (IOException failed) {
      return Optional.of(new Ending.Failed(commands.text(step) + ": " + failed.getMessage()));
    }
  }

  private Optional<Ending> execute(Step step) throws IOException, InterruptedException {
    Optional<List<String>> arguments = commands.of(step);
    stepped = tries == 1;
    if (step instanceof Step.BeginFirstSync) {
      memory.remember(Past.FIRST_SYNC);
    }
    if (arguments.isEmpty()) {
      write(step);
      return Optional.empty();
    }
    CommandRunner.Result result = runner.run(arguments.get(), Commands.deadline(step));
    Optional<Refusal> refusal = Refusal.of(result.exitCode(), result.output(), result.errors());
    lastRefusal = refusal;
    stepped &= refusal.isEmpty();
    if (refusal.isPresent() && !refusal.get().passing()) {
      return Optional.of(
          new Ending.Failed(
              commands.text(step)
                  + ": "
                  + refusal.get().text()
                  + " ("
                  + result.exitCode()
                  + ") "
                  + tellingLine(result.errors())));
    }
    if (refusal.isEmpty()) {
      goal = Planner.after(goal, step, lastSeen.orElseThrow());
    }
    return Optional.empty();
  }

  private void write(Step step) throws IOException {
    if (step instanceof Step.WriteFile(String path)) {
      Secret secret = Agreement.of(config, files.secret(config.secretFile()));
      for (RenderedFile file : Rendering.files(config, secret, Generation.EIGHT)) {
        if (file.path().equals(path)) {
          files.write(file);
        }
      }
    } else if (step instanceof Step.SetTimeout(ClusterTimeout timeout)) {
      files.set(commands.path(timeout), Integer.toString(timeout.value(config.fileSystem())));
    }
  }

  /** The first line but for that by which tools of OCFS2 name themselves. */
  private static String tellingLine(String text) {
    return text.lines()
        .filter(line -> !line.isBlank() && !line.matches("[a-z0-9._]+ [0-9.]+"))
        .findFirst()
        .orElse("");
  }
}
