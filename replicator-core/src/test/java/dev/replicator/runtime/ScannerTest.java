package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.filter.Action;
import dev.replicator.filter.FilterRules;
import dev.replicator.filter.ParsedRules;
import dev.replicator.filter.RuleSource;
import dev.replicator.host.MachineClock;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Journal;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.portable.PortableTree;
import dev.replicator.simulation.FakeJournal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScannerTest {
  private static final int THREADS = 3;
  private static final int MANY = 2 * IndexedChildren.PAGE + 100;

  @TempDir Path directory;
  private final FakeJournal journal = new FakeJournal();
  private final YoungReads young = new YoungReads();
  private final AtomicLong compared = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);
  private final SortedSet<String> told = new ConcurrentSkipListSet<>();
  private Path root;
  private PortableTree tree;

  @BeforeEach
  void lay() throws Exception {
    root = Files.createDirectories(directory.resolve("root"));
    tree = PortableTree.open(root, Files.createDirectories(directory.resolve("state")));
    for (int i = 0; i < MANY; i++) {
      write("many/file-" + i);
    }
    for (int i = 0; i < 20; i++) {
      write("a" + i + "/b/c" + i + "/file");
    }
    index(RelativePath.ROOT);
  }

  @AfterEach
  void end() {
    executor.shutdownNow();
    tree.close();
  }

  private void write(String path) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, path);
  }

  /** As if all below a directory had been taken in. */
  private void index(RelativePath parent) throws TreeException {
    for (Tree.Child child : tree.list(parent)) {
      if (child.look() instanceof Tree.Look.Found found) {
        put(child.path(), found);
      }
    }
  }

  private void put(RelativePath path, Tree.Look.Found found) throws TreeException {
    Entry entry =
        switch (found.type()) {
          case DIRECTORY -> Entry.DIRECTORY;
          case FILE, SYMLINK, ABSENT ->
              new Entry.File(Digest.of(new byte[32]), found.stamp().size());
        };
    Target target = new Target(entry, Instant.EPOCH, found.attributes());
    materialise(path, new Materialised(found.stamp(), target, found.attributes(), Knowledge.NONE));
    if (entry.equals(Entry.DIRECTORY)) {
      index(path);
    }
  }

  private void materialise(RelativePath path, Materialised materialised) {
    journal.append(List.of(new JournalWrite.PutMaterialised(path, materialised)));
  }

  private Unfinished finished() {
    return new Unfinished(tree, MachineClock.open(), false);
  }

  private boolean scan() throws Exception {
    return scan(RelativePath.ROOT);
  }

  private boolean scan(RelativePath scope) throws Exception {
    return scan(scope, FilterRules.none());
  }

  private boolean scan(RelativePath scope, FilterRules rules) throws Exception {
    Journal counted =
        (Journal)
            Proxy.newProxyInstance(
                Journal.class.getClassLoader(),
                new Class<?>[] {Journal.class},
                (proxy, method, arguments) -> {
                  reads.incrementAndGet();
                  try {
                    return method.invoke(journal, arguments);
                  } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                  }
                });
    var identity = Optional.of(tree.identity());
    Scanner scanner = new Scanner(tree, counted, rules, () -> identity, finished(), young);
    return scanner.scan(
        new Effect.Scan(1, scope, Cause.SCAN, Long.MAX_VALUE),
        new Scanner.Findings() {
          @Override
          public void differs(RelativePath path, Cause cause, boolean reread) {
            told.add(path.toString());
          }

          @Override
          public void unclosed(RelativePath path) {}

          @Override
          public void compared(long entries) {
            compared.addAndGet(entries);
          }

          @Override
          public void unreadable(RelativePath unread, TreeException failure) {
            told.add("unreadable: " + unread);
          }
        },
        new Scanner.Crew(executor, THREADS));
  }

  @Test
  void tellsNothingOfWhatIsAsTheIndexSaysAndReadsTheIndexByPages() throws Exception {
    assertTrue(scan());

    assertEquals(new TreeSet<>(), new TreeSet<>(told));
    assertEquals(MANY + 1 + 4 * 20, compared.get());
    int directories = 1 + 1 + 3 * 20;
    assertTrue(reads.get() <= directories + MANY / IndexedChildren.PAGE, "reads " + reads);
  }

  @Test
  void tellsOfWhatIsAsTheIndexSaysWhereThatWasReadInTheTickInWhichItWasWritten() throws Exception {
    var file = assertInstanceOf(Tree.Look.Found.class, tree.look(RelativePath.of("many/file-3")));
    young.read(file.stamp(), file.stamp().ctimeNanos() / 1_000_000);

    assertTrue(scan());

    assertEquals(new TreeSet<>(List.of("many/file-3")), new TreeSet<>(told));
  }

  @Test
  void findsEveryKindOfDifferenceWhereverItStands() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i : List.of(0, 3, IndexedChildren.PAGE, MANY - 1)) {
      Files.writeString(root.resolve("many/file-" + i), "changed");
      expected.add("many/file-" + i);
    }
    for (int i : List.of(5, IndexedChildren.PAGE + 1, MANY - 2)) {
      Files.delete(root.resolve("many/file-" + i));
      expected.add("many/file-" + i);
    }
    for (String name : List.of("many/!first", "many/file-5-", "many/zlast", "new")) {
      write(name);
      expected.add(name);
    }
    Files.delete(root.resolve("a7/b/c7/file"));
    Files.delete(root.resolve("a7/b/c7"));
    Files.delete(root.resolve("a7/b"));
    expected.addAll(List.of("a7/b", "a7/b/c7", "a7/b/c7/file"));

    assertTrue(scan());
    assertEquals(new TreeSet<>(expected), new TreeSet<>(told));
  }

  /** Nobody ever tells what was in it, else. */
  @Test
  void findsWhatIsGoneWithADirectoryWhereSomethingElseStands() throws Exception {
    Files.delete(root.resolve("a7/b/c7/file"));
    Files.delete(root.resolve("a7/b/c7"));
    Files.delete(root.resolve("a7/b"));
    Files.writeString(root.resolve("a7/b"), "a file");

    assertTrue(scan());
    assertEquals(new TreeSet<>(List.of("a7/b", "a7/b/c7", "a7/b/c7/file")), new TreeSet<>(told));

    told.clear();
    assertTrue(scan(RelativePath.of("a7/b")));
    assertEquals(new TreeSet<>(List.of("a7/b", "a7/b/c7", "a7/b/c7/file")), new TreeSet<>(told));
  }

  @Test
  void findsWhatIsGoneWhereSomethingStandsThatARuleLeavesOut() throws Exception {
    RuleSource rule = new RuleSource.Patterns("test", Action.LOCAL, List.of("/many/file-*/"));
    var rules = assertInstanceOf(ParsedRules.Usable.class, FilterRules.parse(List.of(rule)));
    Files.delete(root.resolve("many/file-3"));
    Files.createDirectory(root.resolve("many/file-3"));
    Files.createDirectory(root.resolve("many/file-new"));

    assertTrue(scan(RelativePath.ROOT, rules.rules()));

    assertEquals(new TreeSet<>(List.of("many/file-3")), new TreeSet<>(told));
  }

  /** It was looked at before by itself. */
  @Test
  void findsWhatIsGoneFromBelowADirectoryThatTheIndexHasNoMore() throws Exception {
    RelativePath gone = RelativePath.of("a7/b");
    Files.delete(root.resolve("a7/b/c7/file"));
    Files.delete(root.resolve("a7/b/c7"));
    Files.delete(root.resolve("a7/b"));
    journal.append(List.of(new JournalWrite.DropMaterialised(gone)));

    assertTrue(scan(gone));
    assertEquals(new TreeSet<>(List.of("a7/b/c7", "a7/b/c7/file")), new TreeSet<>(told));
  }

  @Test
  void saysNothingOfTheWholeWhenOneWhoWorksOnItFails() throws Exception {
    var identity = Optional.of(tree.identity());
    journal.close();
    Scanner scanner =
        new Scanner(tree, journal, FilterRules.none(), () -> identity, finished(), young);
    boolean whole =
        scanner.scan(
            new Effect.Scan(1, RelativePath.ROOT, Cause.SCAN, Long.MAX_VALUE),
            new Scanner.Findings() {
              @Override
              public void differs(RelativePath path, Cause cause, boolean reread) {}

              @Override
              public void unclosed(RelativePath path) {}

              @Override
              public void compared(long entries) {}

              @Override
              public void unreadable(RelativePath unread, TreeException failure) {}
            },
            new Scanner.Crew(executor, THREADS));
    assertFalse(whole);
  }

  /** Another one could not help any more, and did not come to its end. */
  @Test
  void endsWithTheRootAndSaysNothingOfTheWhole() throws Exception {
    executor.shutdownNow();
    Thread.currentThread().interrupt();
    assertFalse(scan());
    assertTrue(Thread.interrupted(), "whoever asked for it is to know");
    assertEquals(0, compared.get());

    assertTrue(scan(), "a thread that nobody interrupts does it alone");
  }
}
