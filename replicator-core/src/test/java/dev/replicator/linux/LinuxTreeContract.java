package dev.replicator.linux;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeContract;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUser;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** The whole contract by system calls, in a directory of whatever file system. */
abstract class LinuxTreeContract extends TreeContract {
  private final LinuxTreeFixture fixture = new LinuxTreeFixture();

  final void openAt(Path directory) throws Exception {
    fixture.open(directory);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Override
  public Tree tree() {
    return fixture.tree();
  }

  @Override
  public TreeUser user() {
    return fixture.user();
  }

  @Override
  public boolean stamps() {
    return fixture.stamps();
  }

  @Override
  public Path outside() {
    return fixture.outside();
  }

  @Override
  public Bytes outsideText(String name) {
    return fixture.outsideText(name);
  }

  @Override
  public Tree reopen() throws TreeException {
    return fixture.reopen();
  }

  @Override
  public void inTheWindow(Runnable action) {
    fixture.inTheWindow(action);
  }

  @Override
  public void whileGathering(int count, Runnable action) {
    fixture.whileGathering(count, action);
  }

  @Override
  public void afterTheChange(Runnable action) {
    fixture.afterTheChange(action);
  }

  @Override
  public Reading whileReading(RelativePath path, Consumer<Optional<String>> reader) {
    return fixture.whileReading(path, reader);
  }
}
