package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Look;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LookTest {
  private static final Bytes TEXT = Bytes.copyOf(new byte[] {'x'});

  private static Stamp stamp(long inode, int uid) {
    return new Stamp(1, inode, 1, 0, inode, 0120777, uid, 0, 1);
  }

  private static Look.Found link(long inode, int uid) {
    Principal owner = new Principal("", uid);
    Attributes attributes = new Attributes(EntryType.SYMLINK, 0777, owner, owner);
    return new Look.Found(stamp(inode, uid), EntryType.SYMLINK, TEXT, attributes);
  }

  private static Materialised known(Look.Found found) {
    Target target = new Target(new Entry.Symlink(TEXT), Instant.EPOCH, found.attributes());
    return new Materialised(found.stamp(), target, found.attributes(), Knowledge.NONE);
  }

  @Test
  void symlinkThatWasMadeAnewWithTheSameTextIsTheSame() {
    assertTrue(link(8, 0).holds(known(link(7, 0))));
  }

  @Test
  void symlinkThatGotAnotherOwnerIsNot() {
    assertFalse(link(7, 33).holds(known(link(7, 0))));
  }
}
