package dev.replicator.block;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A pair as DRBD 8.4 lets it be, and its arbiter; what happens is drawn. */
final class PairWorld {
  private static final NodeId ARBITER = Nodes.of(9);

  /** What one node does with the data. */
  private enum State {
    /** Primary, connected, sees both disks up to date. */
    TOGETHER,
    /** Primary, lost the other one, waits for an answer. */
    FROZEN,
    /** Primary, writes without the other one: granted, or because that one's disk is behind. */
    ALONE,
    /** Is synced by the other one, which writes. */
    TARGET,
    /** Up, and neither primary nor connected. */
    BOOTED,
    DOWN
  }

  private static final class Node {
    final NodeId id;
    State state = State.TOGETHER;
    long generation;

    /** Whether its disk knows itself to be behind: then DRBD does not even ask. */
    boolean behind;

    /** Counts connections, as DRBD does to know a late answer of its handler. */
    int connections;

    /** The last grant that its daemon heard of. */
    long number;

    /** Which question of its reports the daemon waits for. */
    int awaited;

    Optional<Long> seenTogether = Optional.empty();

    Node(NodeId id, long generation) {
      this.id = id;
      this.generation = generation;
    }

    void lose() {
      connections++;
      state = State.FROZEN;
    }
  }

  /** A question under way; {@code stamp} is a connection for FENCE, else the one awaited. */
  private record Question(int asker, FenceRequest request, int stamp) {}

  private record Answer(Question question, FenceAnswer answer) {}

  private final Random random;
  private final boolean disksFail;
  private final boolean traced;
  private final Node[] nodes = {new Node(Nodes.of(1), 1), new Node(Nodes.of(2), 1)};
  private final List<Question> questions = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private Arbitration arbitration = Arbitration.fresh(ARBITER);
  private Optional<String> violation = Optional.empty();
  private boolean link = true;
  private long newest = 1;
  private int grants;

  /**
   * @param traced whether a violation is told with all that led to it
   */
  PairWorld(Random random, boolean disksFail, boolean traced) {
    this.random = random;
    this.disksFail = disksFail;
    this.traced = traced;
  }

  Optional<String> violation() {
    return violation;
  }

  int grants() {
    return grants;
  }

  void step() throws UnreadableException {
    int who = random.nextInt(2);
    switch (random.nextInt(40)) {
      case 0 -> misfortune(who);
      case 1, 2, 3, 4 -> heal();
      case 5, 6 -> boot(who);
      case 7 -> reset(who);
      case 8, 9 -> endSync(who);
      case 10, 11 -> seeEndOfSync(who);
      case 12, 13, 14, 15 -> begin(who);
      case 16, 17, 18, 19, 20, 21 -> report(who);
      case 22, 23, 24, 25, 26, 27, 28, 29, 30, 31 -> decide();
      default -> answer();
    }
    if (nodes[0].state == State.ALONE && nodes[1].state == State.ALONE) {
      broken("both go on");
    }
  }

  private void misfortune(int who) {
    switch (random.nextInt(6)) {
      case 0 -> crash(who);
      case 1 -> leave(who);
      default -> cut();
    }
  }

  private void broken(String what) {
    if (violation.isEmpty()) {
      violation = Optional.of(what + "\n" + String.join("\n", trace));
    }
  }

  private void note(String text) {
    if (!traced) {
      return;
    }
    trace.add(
        text
            + "  ["
            + nodes[0].state
            + " "
            + nodes[0].generation
            + ", "
            + nodes[1].state
            + " "
            + nodes[1].generation
            + ", "
            + arbitration.pairs().values()
            + "]");
  }

  private void cut() {
    link = false;
    for (Node node : nodes) {
      if (node.state == State.TOGETHER) {
        node.lose();
      } else if (node.state == State.TARGET) {
        node.state = State.BOOTED;
        node.behind = true;
      }
    }
    note("cut");
  }

  private void heal() {
    link = true;
    Node one = nodes[0];
    Node two = nodes[1];
    if (one.state == State.FROZEN && two.state == State.FROZEN) {
      // Nothing was written since: they connect, and no generation begins.
      if (one.generation == two.generation) {
        one.state = State.TOGETHER;
        two.state = State.TOGETHER;
      }
    } else if (one.state == State.BOOTED && two.state == State.BOOTED) {
      meet(one, two);
    } else {
      follow(one, two);
      follow(two, one);
    }
    note("heal");
  }

  private static void meet(Node one, Node two) {
    if (one.generation == two.generation && !one.behind && !two.behind) {
      one.state = State.TOGETHER;
      two.state = State.TOGETHER;
    } else if (!one.behind && (two.behind || one.generation > two.generation)) {
      one.state = State.ALONE;
      two.state = State.TARGET;
    } else if (!two.behind) {
      two.state = State.ALONE;
      one.state = State.TARGET;
    }
  }

  private static void follow(Node source, Node target) {
    if (source.state == State.ALONE && target.state == State.BOOTED) {
      target.state = State.TARGET;
    }
  }

  private Node other(Node node) {
    return node == nodes[0] ? nodes[1] : nodes[0];
  }

  private void crash(int who) {
    Node node = nodes[who];
    if (node.state == State.TARGET) {
      node.behind = true;
    }
    Node other = other(node);
    if (other.state == State.TOGETHER && node.state != State.DOWN) {
      other.lose();
    } else if (other.state == State.TARGET) {
      other.state = State.BOOTED;
      other.behind = true;
    }
    down(node);
    note("crash " + who);
  }

  /** By o2hb, when it was frozen for too long. */
  private void reset(int who) {
    if (nodes[who].state == State.FROZEN) {
      down(nodes[who]);
      note("reset " + who);
    }
  }

  private static void down(Node node) {
    node.connections++;
    node.state = State.DOWN;
    node.number = 0;
    node.awaited++;
    node.seenTogether = Optional.empty();
  }

  private void boot(int who) {
    if (nodes[who].state == State.DOWN) {
      nodes[who].state = State.BOOTED;
      note("boot " + who);
    }
  }

  /** It goes in order, or its disk fails: the other one goes on and asks nobody. */
  private void leave(int who) {
    Node node = nodes[who];
    Node other = other(node);
    if (link && node.state == State.TOGETHER && other.state == State.TOGETHER) {
      node.behind = !disksFail || random.nextBoolean();
      down(node);
      other.connections++;
      goOn(other);
      note("leave " + who);
    }
  }

  private void goOn(Node node) {
    if (node.generation != newest) {
      broken("goes on from generation " + node.generation + ", and there is " + newest);
    }
    node.state = State.ALONE;
    newest++;
    node.generation = newest;
  }

  private void endSync(int who) {
    Node target = nodes[who];
    if (link && target.state == State.TARGET) {
      target.generation = other(target).generation;
      target.behind = false;
      target.state = State.TOGETHER;
      note("sync ended " + who);
    }
  }

  private void seeEndOfSync(int who) {
    Node source = nodes[who];
    if (link && source.state == State.ALONE && other(source).state == State.TOGETHER) {
      source.state = State.TOGETHER;
      note("end seen " + who);
    }
  }

  private FenceRequest.Fence fence(Node node) {
    return new FenceRequest.Fence("r0", other(node).id, node.generation);
  }

  /** The handler of DRBD asks. */
  private void begin(int who) {
    Node node = nodes[who];
    boolean asks = node.state == State.FROZEN || (node.state == State.BOOTED && !link);
    boolean knows = !disksFail || node.seenTogether.equals(Optional.of(node.generation));
    if (asks && !node.behind && knows) {
      questions.add(new Question(who, fence(node), node.connections));
    }
  }

  /** The daemon looks, and says what it saw; it no longer waits for an earlier answer. */
  private void report(int who) {
    Node node = nodes[who];
    if (node.state == State.DOWN) {
      return;
    }
    NodeId other = other(node).id;
    FenceRequest request =
        switch (node.state) {
          case TOGETHER -> {
            node.seenTogether = Optional.of(node.generation);
            yield new FenceRequest.Together("r0", other, node.generation, node.number);
          }
          case ALONE, TARGET -> {
            node.seenTogether = Optional.empty();
            yield new FenceRequest.Apart("r0", other);
          }
          case FROZEN, BOOTED, DOWN -> new FenceRequest.Look("r0", other);
        };
    node.awaited++;
    questions.add(new Question(who, request, node.awaited));
  }

  /** The arbiter takes any question that is under way, loses it, or is killed after it wrote. */
  private void decide() throws UnreadableException {
    if (questions.isEmpty()) {
      return;
    }
    int place = random.nextInt(questions.size());
    Question question = questions.get(place);
    if (random.nextInt(5) != 0) {
      questions.remove(place);
    }
    if (random.nextInt(5) == 0) {
      return;
    }
    FenceAnswer answer = decide(question);
    if (random.nextInt(5) == 0) {
      arbitration = ArbitrationText.read(ARBITER, ArbitrationText.write(arbitration));
    } else {
      answers.add(new Answer(question, answer));
    }
    note("decided " + question + " -> " + answer);
  }

  private FenceAnswer decide(Question question) {
    Arbitration.Decided decided =
        arbitration.decide(nodes[question.asker()].id, question.request());
    arbitration = decided.next();
    return decided.answer();
  }

  private void answer() {
    if (!answers.isEmpty()) {
      answered(answers.remove(random.nextInt(answers.size())));
    }
  }

  private void answered(Answer answer) {
    Node node = nodes[answer.question().asker()];
    FenceAnswer said = answer.answer();
    if (answer.question().request() instanceof FenceRequest.Fence) {
      boolean waits = node.state == State.FROZEN || node.state == State.BOOTED;
      if (said.verdict() == Verdict.GRANTED
          && waits
          && node.connections == answer.question().stamp()) {
        grants++;
        goOn(node);
        note("granted " + answer.question().asker());
      }
    } else if (answer.question().stamp() == node.awaited && said.verdict() != Verdict.NOT_ABLE) {
      node.number = said.number();
    }
  }

  /** Everything works, long enough. */
  void comeTogether() {
    questions.clear();
    answers.clear();
    link = false;
    crash(0);
    crash(1);
    boot(0);
    boot(1);
    heal();
    endSync(0);
    endSync(1);
    seeEndOfSync(0);
    seeEndOfSync(1);
    for (int round = 0; round < 4; round++) {
      report(round % 2);
      Question question = questions.removeLast();
      answered(new Answer(question, decide(question)));
    }
  }

  Verdict cutAndAsk(int who) {
    cut();
    return ask(who);
  }

  Verdict ask(int who) {
    Question question = new Question(who, fence(nodes[who]), nodes[who].connections);
    FenceAnswer answer = decide(question);
    answered(new Answer(question, answer));
    return answer.verdict();
  }
}
