package dev.replicator.block;

import java.util.ArrayList;
import java.util.List;

/**
 * The way ahead, as far as it can be foreseen.
 *
 * @param from what was found
 * @param decisions acts and waits, and at the end what is reached or who has to decide
 */
public record Plan(Assessment from, List<Decision> decisions) {
  public Plan {
    decisions = List.copyOf(decisions);
  }

  /** From what is seen to the goal, or to where a person has to decide. */
  public static Plan of(
      BlockConfig config, String self, Goal goal, Permits permits, Observation seen) {
    Foresight foresight = new Foresight(config);
    List<Decision> decisions = new ArrayList<>();
    Observation now = seen;
    Goal wanted = goal;
    while (decisions.size() < BlockLimits.STEPS_MAX) {
      Decision next = Planner.decide(config, self, wanted, permits, now);
      if (!decisions.isEmpty()
          && Assessor.assess(config, self, now) instanceof Assessment.NotLookedAt) {
        next = new Decision.Done("what follows depends on what is seen then");
      }
      decisions.add(next);
      switch (next) {
        case Decision.Act(Step step) -> {
          wanted = Planner.after(wanted, step, now);
          now = foresight.after(now, step);
        }
        case Decision.Await(Waiting waiting) -> now = foresight.after(now, waiting);
        case Decision.Done _, Decision.AskPerson _ -> {
          return new Plan(Assessor.assess(config, self, seen), decisions);
        }
      }
    }
    decisions.add(
        new Decision.AskPerson("no end of the plan is foreseen; this is a fault of ours"));
    return new Plan(Assessor.assess(config, self, seen), decisions);
  }

  public Decision end() {
    return decisions.getLast();
  }

  /** Each decision in a line, for people. */
  public List<String> lines(BlockConfig config, String self) {
    Commands commands = new Commands(config, self);
    return decisions.stream()
        .map(decision ->
            switch (decision) {
              case Decision.Act(Step step) ->
                  (step.destructive() ? "run, losing data: " : "run: ") + commands.text(step);
              case Decision.Await(Waiting waiting) -> "wait for " + waiting.text();
              case Decision.Done(String text) -> "then: " + text;
              case Decision.AskPerson(String question) -> "stop: " + question;
            })
        .toList();
  }
}
