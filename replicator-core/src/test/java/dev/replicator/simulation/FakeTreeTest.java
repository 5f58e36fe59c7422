package dev.replicator.simulation;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeContract;
import dev.replicator.port.TreeUser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the simulated disk, where readers and writers take their turn at every step. */
final class FakeTreeTest extends TreeContract {
  private final FakeDisk disk = new FakeDisk();
  private FakeTree tree = new FakeTree(disk);
  private boolean reading;

  @TempDir private Path outside = Path.of("");

  @Override
  public FakeTree tree() {
    return tree;
  }

  @Override
  public TreeUser user() {
    return disk;
  }

  @Override
  public boolean stamps() {
    return true;
  }

  @Override
  public Path outside() {
    return outside;
  }

  @Override
  public Bytes outsideText(String name) {
    return Bytes.copyOf(outside.resolve(name).toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public FakeTree reopen() {
    tree = new FakeTree(disk);
    return tree;
  }

  @Override
  public void inTheWindow(Runnable action) {
    once(Interference.Step.WINDOW, action);
  }

  @Override
  public void afterTheChange(Runnable action) {
    once(Interference.Step.CHANGED, action);
  }

  @Override
  public void whileGathering(int count, Runnable action) {
    tree.interfere(
        new Interference() {
          private int left = count;

          @Override
          public void before(Step step, RelativePath path) {
            if (step == Step.ARRIVE && left-- == 0) {
              action.run();
            }
          }
        });
  }

  private void once(Interference.Step moment, Runnable action) {
    tree.interfere(
        new Interference() {
          @Override
          public void before(Step step, RelativePath path) {
            if (step == moment) {
              tree.interfere(Interference.NONE);
              action.run();
            }
          }
        });
  }

  @Override
  public Reading whileReading(RelativePath path, Consumer<Optional<String>> reader) {
    tree.interfere(
        new Interference() {
          @Override
          public void before(Step step, RelativePath at) {
            if (reading) {
              return;
            }
            reading = true;
            reader.accept(disk.exists(path) ? Optional.of(disk.read(path)) : Optional.empty());
            reading = false;
          }
        });
    return () -> tree.interfere(Interference.NONE);
  }
}
