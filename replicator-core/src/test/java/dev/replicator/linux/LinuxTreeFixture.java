package dev.replicator.linux;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import dev.replicator.port.MetadataRules;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import dev.replicator.port.TreeUser;
import dev.replicator.portable.NioUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A tree over a directory of this machine, and somebody who works there. */
class LinuxTreeFixture implements TreeUnderTest {
  private final UserTurn turn = new UserTurn();
  private Path base = Path.of("");
  private Optional<LinuxTree> tree = Optional.empty();

  @BeforeEach
  void open(@TempDir Path directory) throws IOException, TreeException {
    base = directory;
    Files.createDirectory(root());
    Files.createDirectory(outside());
    tree = Optional.of(openTree());
  }

  @AfterEach
  void close() {
    tree.ifPresent(LinuxTree::close);
  }

  private LinuxTree openTree() throws TreeException {
    return LinuxTree.open(root(), base.resolve("state"), rules(), turn);
  }

  /** Lets somebody write once, in the middle of an exchange. */
  private static final class UserTurn implements Exchange.Window {
    private Optional<Runnable> before = Optional.empty();
    private Optional<Runnable> after = Optional.empty();
    private Optional<Runnable> member = Optional.empty();
    private int members;

    @Override
    public void beforeMember() {
      if (members-- == 0) {
        member.ifPresent(Runnable::run);
      }
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

  MetadataRules rules() {
    return MetadataRules.DEFAULT;
  }

  Path root() {
    return base.resolve("root");
  }

  Path base() {
    return base;
  }

  Path staged(String name) {
    return tree().storage().resolve("staging").resolve(name);
  }

  @Override
  public LinuxTree tree() {
    return tree.orElseThrow();
  }

  @Override
  public TreeUser user() {
    return new NioUser(root());
  }

  @Override
  public boolean stamps() {
    return true;
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
  public LinuxTree reopen() throws TreeException {
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
    turn.members = count;
    turn.member = Optional.of(action);
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
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    };
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
