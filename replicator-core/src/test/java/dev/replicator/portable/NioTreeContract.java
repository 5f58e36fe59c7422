package dev.replicator.portable;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeContract;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The contract of a tree over a directory that {@code java.nio.file} reaches. */
abstract class NioTreeContract extends TreeContract {
  private final UserTurn turn = new UserTurn();
  private Path base = Path.of("");
  private Optional<PortableTree> tree = Optional.empty();

  /** Makes a root, a state directory and a place outside of both below {@code directory}. */
  void open(Path directory) throws IOException, TreeException {
    base = directory;
    Files.createDirectory(root());
    Files.createDirectory(outside());
    tree = Optional.of(openTree());
  }

  private PortableTree openTree() throws TreeException {
    return PortableTree.open(root(), base.resolve("state"), turn);
  }

  /** Lets somebody write once, in the middle of an exchange. */
  private static final class UserTurn implements Exchange.Window {
    private Optional<Runnable> check = Optional.empty();
    private Optional<Runnable> before = Optional.empty();
    private Optional<Runnable> after = Optional.empty();

    @Override
    public void afterCheck() {
      Optional<Runnable> action = check;
      check = Optional.empty();
      action.ifPresent(Runnable::run);
    }

    @Override
    public void beforeChange() {
      Optional<Runnable> action = before;
      before = Optional.empty();
      action.ifPresent(Runnable::run);
    }

    @Override
    public void afterChange() {
      Optional<Runnable> action = after;
      after = Optional.empty();
      action.ifPresent(Runnable::run);
    }
  }

  /** Does {@code action} once, right after the first check of the next replacement. */
  void afterTheCheck(Runnable action) {
    turn.check = Optional.of(action);
  }

  Path root() {
    return base.resolve("root");
  }

  @Override
  public PortableTree tree() {
    return tree.orElseThrow();
  }

  @Override
  public TreeUser user() {
    return new NioUser(root());
  }

  @Override
  public Path outside() {
    return base.resolve("outside");
  }

  @Override
  public Bytes outsideText(String name) {
    String text = outside().resolve(name).toString();
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public PortableTree reopen() throws TreeException {
    tree().close();
    tree = Optional.of(openTree());
    return tree();
  }

  @Override
  public void inTheWindow(Runnable action) {
    turn.before = Optional.of(action);
  }

  @Override
  public void afterTheChange(Runnable action) {
    turn.after = Optional.of(action);
  }

  @Override
  public void whileGathering(int count, Runnable action) {
    throw new UnsupportedOperationException("path by path only");
  }

  @Override
  public Reading whileReading(RelativePath path, Consumer<Optional<String>> reader) {
    AtomicBoolean stopped = new AtomicBoolean();
    CountDownLatch started = new CountDownLatch(1);
    Path file = root().resolve(path.toString());
    Thread thread =
        Thread.ofPlatform()
            .name("reader")
            .start(() -> {
              while (!stopped.get()) {
                reader.accept(read(file));
                started.countDown();
              }
            });
    try {
      started.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return () -> {
      stopped.set(true);
      join(thread);
    };
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(failure.toString());
    }
  }
}
