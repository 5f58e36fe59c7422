package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.filter.Action;
import dev.replicator.filter.FilterRules;
import dev.replicator.filter.ParsedRules;
import dev.replicator.filter.RuleSource;
import dev.replicator.model.Message;
import dev.replicator.model.RelativePath;
import dev.replicator.port.PeerLink;
import dev.replicator.port.Tree;
import dev.replicator.portable.PortableWatcher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves a node before the change that needs it. */
class SendingAheadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TRIES_MAX = 100;
  private static final int SECRETS = 20;

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final List<FileEngine> engines = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> ahead = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<String> read = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() throws Exception {
    RuleSource rule = new RuleSource.Patterns("test", Action.LOCAL, List.of("*.secret"));
    var rules = assertInstanceOf(ParsedRules.Usable.class, FilterRules.parse(List.of(rule)));
    start("from", 1, 2, rules.rules());
    start("to", 2, 1, rules.rules());
    mesh.connect(EngineOnDisk.node(1), EngineOnDisk.node(2));
  }

  private void start(String name, int self, int peer, FilterRules rules) throws Exception {
    FileEngine engine =
        EngineOnDisk.at(directory, name)
            .rules(rules)
            .watchers(PortableWatcher::new)
            .trees(tree -> name.equals("from") ? noting(tree) : tree)
            .open(
                EngineOnDisk.node(self),
                EngineOnDisk.node(peer),
                noting(mesh.link(EngineOnDisk.node(self))));
    engine.start();
    engine.report();
    engines.add(engine);
  }

  @AfterEach
  void end() {
    engines.forEach(FileEngine::stop);
    mesh.close();
  }

  private PeerLink noting(PeerLink link) {
    return Noting.calls(
        PeerLink.class,
        link,
        (method, arguments) -> {
          if (arguments.getLast() instanceof Message.Ahead(Message.InlineContent content)) {
            ahead.add(new String(content.data().toArray(), StandardCharsets.US_ASCII));
          }
        });
  }

  private Tree noting(Tree tree) {
    return Noting.calls(
        Tree.class,
        tree,
        (method, arguments) -> {
          if (method.equals("readOn")) {
            read.add(arguments.getFirst().toString());
          }
        });
  }

  /** Writes a file and returns once the node has read it. */
  private void write(String path, String content) throws Exception {
    Files.writeString(directory.resolve("from").resolve(path), content);
    String seen = "";
    while (!seen.equals(path)) {
      seen = Optional.ofNullable(read.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).orElseThrow();
    }
  }

  private void settle() throws Exception {
    BarrierReport report =
        engines.getFirst().barrier(RelativePath.ROOT, OptionalInt.empty(), PATIENCE).get();
    assertEquals(BarrierReport.Outcome.DONE, report.outcome());
  }

  @Test
  void isTheContentOfALoneChangeAndNothingThatIsNotReplicated() throws Exception {
    // Whether a change comes alone depends on what else the node does at that moment.
    for (int i = 0; ahead.isEmpty() && i < TRIES_MAX; i++) {
      write("f" + i, "public " + i);
      settle();
    }
    assertTrue(!ahead.isEmpty(), "nothing went ahead");

    for (int i = 0; i < SECRETS; i++) {
      write(i + ".secret", "secret " + i);
      settle();
    }

    assertEquals(List.of(), ahead.stream().filter(text -> text.startsWith("secret")).toList());
  }
}
