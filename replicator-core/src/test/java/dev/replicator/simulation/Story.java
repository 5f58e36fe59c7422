package dev.replicator.simulation;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Runs the commands of a transcript, and tells after each what it made of the nodes. */
final class Story {
  private static final long SEED = 7;
  private static final long QUIET_MILLIS = 35_000;
  private static final long SETTLE_MILLIS_MAX = 120_000;
  private static final long BARRIER_MILLIS = 300;
  private static final String INDENT = "    ";
  private static final int NAME_WIDTH = 6;

  private final List<String> told = new ArrayList<>();
  private final Map<SimulatedNode, Sight> sights = new LinkedHashMap<>();
  private final TreeMap<Integer, Image> images = new TreeMap<>();
  private final TreeMap<Integer, Integer> alarms = new TreeMap<>();
  private final TreeMap<Integer, TreeSet<Long>> answers = new TreeMap<>();
  private long seed = SEED;
  private long requests;
  private SimulatedCluster cluster = new SimulatedCluster(SEED, 0, false);
  private SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private Names names = new Names(List.of());

  /** A journal and a tree, as a backup has them. */
  private record Image(FakeJournal journal, Map<RelativePath, Thing> tree) {}

  /** What somebody does: who, and the rest of the line. */
  private static final Map<String, Act> ACTS = acts();

  private interface Act {
    void run(Story story, SimulatedNode node, String rest);
  }

  /** The story of {@code commands}, line for line. */
  static List<String> of(List<String> commands) {
    Story story = new Story();
    try {
      commands.forEach(story::tell);
    } catch (RuntimeException broken) {
      String soFar = String.join("\n", story.told);
      throw new AssertionError(soFar + "\nand then: " + broken.getMessage(), broken);
    }
    story.end();
    return story.told;
  }

  private void tell(String command) {
    told.add(command);
    String[] words = command.split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "seed" -> seed = Long.parseLong(rest);
      case "nodes" -> begin(rest.split(" ").length);
      case "cut" -> links(rest).forEach(SimulatedLink::cut);
      case "heal" -> links(rest).forEach(SimulatedLink::heal);
      case "wait" -> cluster.run(Long.parseLong(rest.replace(" ms", "")));
      case "settle" -> settle();
      default -> act(cluster.node(Names.number(words[0])), rest);
    }
    look();
  }

  private void begin(int count) {
    cluster = new SimulatedCluster(seed, count, false);
    user = new SimulatedUser(cluster, new Lineage());
    names = new Names(cluster.nodes());
    cluster.nodes().forEach(node -> sights.put(node, Sight.nothing(names)));
    cluster.nodes().forEach(cluster::start);
    settle();
  }

  private void settle() {
    if (!cluster.settle(QUIET_MILLIS, SETTLE_MILLIS_MAX)) {
      throw new IllegalStateException("not quiet after " + SETTLE_MILLIS_MAX + " ms");
    }
  }

  private List<SimulatedLink> links(String which) {
    List<SimulatedLink> links = new ArrayList<>();
    if (which.equals("all")) {
      cluster.links().forEach(links::add);
    } else {
      String[] ends = which.split(" ");
      links.add(
          cluster.link(cluster.node(Names.number(ends[0])), cluster.node(Names.number(ends[1]))));
    }
    return links;
  }

  private void act(SimulatedNode node, String line) {
    Map.Entry<String, Act> found =
        ACTS.entrySet().stream()
            .filter(act -> line.equals(act.getKey()) || line.startsWith(act.getKey() + " "))
            .max(Comparator.comparingInt(act -> act.getKey().length()))
            .orElseThrow(() -> new IllegalArgumentException("nobody can do this: " + line));
    found.getValue().run(this, node, line.substring(found.getKey().length()).strip());
  }

  private static Map<String, Act> acts() {
    TreeMap<String, Act> acts = new TreeMap<>();
    users(acts);
    daemons(acts);
    disks(acts);
    return acts;
  }

  /** What the watcher tells of. */
  private static void users(Map<String, Act> acts) {
    acts.put("writes", (story, node, rest) -> story.write(node, rest));
    acts.put("deletes", (story, node, rest) -> story.each(rest, story.user::delete, node));
    acts.put("makes", (story, node, rest) -> story.user.makeDirectory(node, path(rest)));
    acts.put("touches", (story, node, rest) -> story.touch(node, path(rest)));
    acts.put(
        "renames",
        (story, node, rest) -> {
          String[] paths = rest.split(" to ");
          story.user.rename(node, path(paths[0]), path(paths[1]));
        });
    acts.put(
        "sets the mode of",
        (story, node, rest) -> {
          String[] words = rest.split(" to ");
          story.user.changeMode(node, path(words[0]), Integer.parseInt(words[1], 8));
        });
  }

  private static void daemons(Map<String, Act> acts) {
    acts.put("is killed", (_, node, _) -> node.kill());
    acts.put("starts", (story, node, _) -> story.cluster.start(node));
    acts.put("reboots", (_, node, _) -> node.reboot());
    acts.put("scans", (_, node, _) -> scan(node));
    acts.put("resolves", (story, node, rest) -> story.resolve(node, rest));
    acts.put("approves", (story, node, _) -> node.handle(new Event.ApproveAsked(story.request())));
    acts.put(
        "awaits",
        (story, node, rest) ->
            node.handle(
                new Event.BarrierAsked(
                    story.request(), path(rest), OptionalInt.empty(), BARRIER_MILLIS)));
    acts.put("can sync no more", (_, node, _) -> node.syncs().stall());
    acts.put("hears of no exchange", (_, node, _) -> node.stallOutcomes());
    acts.put("is backed up", (story, node, _) -> story.images.put(node.number, image(node)));
    acts.put(
        "gets back its journal",
        (story, node, _) -> node.restore(story.image(node.number).journal().image()));
    acts.put("gets an empty journal", (_, node, _) -> node.restore(new FakeJournal()));
  }

  /** What nobody tells of, unless it is said. */
  private static void disks(Map<String, Act> acts) {
    acts.put("cannot put", (_, node, rest) -> node.disk.refuse(path(rest)));
    acts.put("can put", (_, node, rest) -> node.disk.accept(path(rest)));
    acts.put("finds emptied", (_, node, rest) -> empty(node, path(rest)));
    acts.put("loses unseen", (story, node, rest) -> story.each(rest, Story::loseUnseen, node));
    acts.put(
        "gets unseen",
        (story, node, rest) ->
            story.each(
                rest,
                (there, path) -> there.disk.create(path, EntryType.FILE, "", there.nowNanos()),
                node));
    acts.put("gets back", (story, node, rest) -> story.putBack(node, path(rest)));
  }

  private static RelativePath path(String text) {
    return RelativePath.of(text);
  }

  private static void scan(SimulatedNode node) {
    node.watched(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
  }

  private static void loseUnseen(SimulatedNode node, RelativePath path) {
    node.disk.remove(path);
  }

  /** Its data was not yet on the disk when the power failed. */
  private static void empty(SimulatedNode node, RelativePath path) {
    node.disk.put(path, node.disk.find(path).orElseThrow().emptied());
  }

  private static Image image(SimulatedNode node) {
    return new Image(node.journal().image(), new TreeMap<>(node.disk.things()));
  }

  private Image image(int number) {
    return Optional.ofNullable(images.get(number)).orElseThrow();
  }

  private void putBack(SimulatedNode node, RelativePath path) {
    Thing was = Optional.ofNullable(image(node.number).tree().get(path)).orElseThrow();
    node.disk.put(path, was.moved(node.nowNanos()));
    node.watched(new Event.Suspected(path, Cause.WATCH, false));
  }

  private void write(SimulatedNode node, String rest) {
    String[] parts = rest.split(": ", 2);
    names.learn(parts[1]);
    each(parts[0], (there, path) -> user.write(there, path, parts[1]), node);
  }

  private void touch(SimulatedNode node, RelativePath path) {
    user.touch(node, path);
    names.touched(node.disk.find(path).orElseThrow().mtimeNanos(), node);
  }

  /** {@code what} is a path, or as in "250 files x" many that are numbered. */
  private void each(String what, BiConsumer<SimulatedNode, RelativePath> act, SimulatedNode node) {
    String[] words = what.split(" files ");
    IntFunction<RelativePath> numbered = number -> path(words[1] + number);
    if (words.length == 1) {
      act.accept(node, path(what));
    } else {
      IntStream.range(0, Integer.parseInt(words[0]))
          .mapToObj(numbered)
          .forEach(path -> act.accept(node, path));
    }
  }

  private long request() {
    requests++;
    return requests;
  }

  /** As a person does who was shown all versions. */
  private void resolve(SimulatedNode node, String rest) {
    String[] words = rest.split(" to ", 2);
    Record record = node.journal().record(path(words[0])).orElseThrow().record();
    Entry wanted = Thing.file(words[1]);
    Element<Entry> chosen =
        record.contents().elements().stream()
            .filter(element -> element.value().equals(wanted))
            .findFirst()
            .orElseThrow();
    node.handle(
        new Event.ResolveAsked(request(), path(words[0]), chosen.dot(), record.contents().dots()));
  }

  /** Tells what changed: of all nodes together where it is the same. */
  private void look() {
    TreeMap<Integer, List<String>> news = new TreeMap<>();
    sights.replaceAll((node, before) -> {
      Sight now = Sight.of(node, names);
      List<String> sentences = new ArrayList<>(now.since(before));
      sentences.addAll(warnings(node));
      sentences.addAll(answers(node));
      news.put(node.number, sentences);
      return now;
    });
    List<String> common = new ArrayList<>(news.getOrDefault(0, List.of()));
    news.values().forEach(common::retainAll);
    say("all", common);
    for (SimulatedNode node : cluster.nodes()) {
      List<String> own = news.getOrDefault(node.number, List.of());
      say(Names.of(node), own.stream().filter(sentence -> !common.contains(sentence)).toList());
    }
  }

  private void say(String who, List<String> sentences) {
    sentences.forEach(
        sentence -> told.add(INDENT + who + " ".repeat(NAME_WIDTH - who.length()) + sentence));
  }

  private List<String> warnings(SimulatedNode node) {
    int known = alarms.getOrDefault(node.number, 0);
    alarms.put(node.number, node.alarms.size());
    return node.alarms.subList(known, node.alarms.size()).stream()
        .map(text -> "warns: " + names.inWords(text))
        .toList();
  }

  private List<String> answers(SimulatedNode node) {
    TreeSet<Long> known = answers.computeIfAbsent(node.number, _ -> new TreeSet<>());
    List<String> sentences = new ArrayList<>();
    node.answers.forEach((request, answer) -> {
      if (known.add(request)) {
        sentences.add("answers: " + answer(answer));
      }
    });
    return sentences;
  }

  private static String answer(Answer answer) {
    return switch (answer) {
      case Answer.Done(String text) -> text;
      case Answer.Refused(String reason) -> "refused, " + reason;
      case Answer.Occupied(String reason) -> "left as it is, " + reason;
      case Answer.Barrier barrier ->
          switch (barrier.end()) {
            case DONE -> "every peer shows it";
            case TIMED_OUT -> "not every peer shows it yet";
            case PEER_OFFLINE -> "a peer is not connected";
            case NOT_LIVE -> "this node is not live";
          };
      case Answer.Resync _ -> "compared";
    };
  }

  private void end() {
    List<Sight> all = List.copyOf(sights.values());
    boolean same = all.stream().allMatch(all.getFirst()::showsWhat);
    told.add(same ? "in the end all show the same" : "in the end they show different things");
  }
}
