package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.RelativePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WatchInboxTest implements WatchInbox.Hints {
  private final Deque<Runnable> mailbox = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private final WatchInbox inbox = new WatchInbox(mailbox::add, this);

  @Override
  public void hint(RelativePath path, Hint hint) {
    told.add(
        switch (hint.kind()) {
          case CHANGED -> path.toString();
          case APPEARED -> path + "/";
          case MOVED_IN -> path + "/." + hint.from().map(from -> " from " + from).orElse("");
        });
  }

  @Override
  public void written(RelativePath path, long inode) {
    told.add(path + " written " + inode);
  }

  @Override
  public void suspect(RelativePath scope, String reason) {
    told.add(reason);
  }

  @Override
  public void failed(String reason) {
    told.add(reason);
  }

  private void run() {
    while (!mailbox.isEmpty()) {
      mailbox.remove().run();
    }
  }

  @Test
  void makesOneTaskOfAllHintsThatWait() {
    inbox.changed(RelativePath.of("a"));
    inbox.appeared(RelativePath.of("b"));
    inbox.appeared(RelativePath.of("a"));
    assertEquals(1, mailbox.size());

    run();

    assertEquals(List.of("a/", "b/"), told);
    inbox.changed(RelativePath.of("c"));
    run();
    assertEquals(List.of("a/", "b/", "c"), told);
  }

  @Test
  void keepsThatADirectoryCameWhole() {
    inbox.appeared(RelativePath.of("a"));
    inbox.movedIn(RelativePath.of("a"));
    inbox.changed(RelativePath.of("a"));
    inbox.moved(RelativePath.of("from"), RelativePath.of("b"), true);

    run();

    assertEquals(List.of("a/.", "b/. from from", "from"), told);
  }

  @Test
  void bringsHintsBeforeWhatWasPutIntoTheMailboxAfterThem() {
    inbox.changed(RelativePath.of("a"));
    inbox.written(RelativePath.of("log"), 7);
    mailbox.add(() -> told.add("cookie"));
    inbox.suspect(RelativePath.ROOT, "overflow");
    inbox.failed("dead");

    run();

    assertEquals(List.of("a", "log written 7", "cookie", "overflow", "dead"), told);
  }
}
