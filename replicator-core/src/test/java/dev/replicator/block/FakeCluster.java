package dev.replicator.block;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Two machines and the cable between them; time passes only by {@link #tick}. */
final class FakeCluster {
  static final String DUMP = dump();
  static final String SHOWN = shown();
  private static final long SYNC_KIB = 131_032;
  private static final long STEP_KIB = 40_000;

  final FakeMachine one = new FakeMachine("web1", this);
  final FakeMachine two = new FakeMachine("web2", this);
  boolean cable = true;
  int refusals;
  long outOfSyncKib = SYNC_KIB;
  long damagedKib;
  private long nextGeneration = 0x1000;
  private int verifies;

  FakeMachine peer(FakeMachine machine) {
    return machine == one ? two : one;
  }

  /** The recorded dump with our options in the place of the lab's. */
  private static String dump() {
    try {
      String recorded = Transcript.of("01-").last("web1", "drbdadm dump-xml").output();
      return recorded
          .replace(
              "<option name=\"after-sb-1pri\" value=\"discard-secondary\"/>",
              "<option name=\"after-sb-1pri\" value=\"disconnect\"/>"
                  + "<option name=\"ping-int\" value=\"10\"/>"
                  + "<option name=\"ko-count\" value=\"3\"/>")
          .replace("value=\"8M\"/>", "value=\"8192K\"/>")
          .replace(
              "<section name=\"disk\">",
              "<section name=\"handlers\"><option name=\"fence-peer\" value=\""
                  + "/usr/lib/replicator/fence-peer /var/lib/replicator/control.sock 20\"/>"
                  + "</section><section name=\"disk\">"
                  + "<option name=\"fencing\" value=\"resource-and-stonith\"/>");
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /** As recorded, with our options in the place of the lab's. */
  private static String shown() {
    try {
      return Transcript.of("10-")
          .last("web1", "drbdsetup show r0")
          .output()
          .replace("FooFunFactory", Agreement.of(Configs.lab(), Configs.SECRET).text())
          .replace("discard-secondary;", "disconnect;\n        ko-count        3;")
          .replace("disk {\n", "disk {\n                fencing   resource-and-stonith;\n");
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /** Connects who wants to be, and lets the generations decide what follows. */
  void settle() {
    if (!cable || one.connected || !one.up || !two.up || !one.wantsPeer || !two.wantsPeer) {
      return;
    }
    boolean same = one.current == two.current;
    if (same) {
      connect(Replication.ESTABLISHED, Replication.ESTABLISHED);
    } else if (one.bitmap == two.current || two.discards) {
      sync(one, two);
    } else if (two.bitmap == one.current || one.discards) {
      sync(two, one);
    } else {
      for (FakeMachine machine : List.of(one, two)) {
        machine.wantsPeer = false;
        machine.log.append("block drbd0: Split-Brain detected but unresolved, dropping!\n");
      }
    }
  }

  private void connect(Replication first, Replication second) {
    one.connected = true;
    two.connected = true;
    one.replication = first;
    two.replication = second;
  }

  private void sync(FakeMachine source, FakeMachine target) {
    outOfSyncKib = Math.max(outOfSyncKib, STEP_KIB);
    target.disk = DiskState.INCONSISTENT;
    boolean first = source == one;
    connect(
        first ? Replication.SYNC_SOURCE : Replication.SYNC_TARGET,
        first ? Replication.SYNC_TARGET : Replication.SYNC_SOURCE);
  }

  void beginFirstSync(FakeMachine source) {
    source.role = Role.PRIMARY;
    source.disk = DiskState.UP_TO_DATE;
    source.current = nextGeneration += 0x10;
    sync(source, peer(source));
  }

  void verify(FakeMachine source) {
    source.replication = Replication.VERIFY_SOURCE;
    peer(source).replication = Replication.VERIFY_TARGET;
  }

  /** One second of whatever goes on. */
  synchronized void tick() {
    settle();
    if (!one.connected) {
      return;
    }
    if (one.replication.verifies()) {
      for (FakeMachine machine : List.of(one, two)) {
        machine.log.append(
            "[" + ++verifies + ".0] block drbd0: Online verify done (total 1 sec)\n");
      }
      outOfSyncKib = damagedKib;
      connect(Replication.ESTABLISHED, Replication.ESTABLISHED);
    } else if (one.replication != Replication.ESTABLISHED) {
      outOfSyncKib = Math.max(0, outOfSyncKib - STEP_KIB);
      if (outOfSyncKib == 0) {
        endSync();
      }
    }
  }

  private void endSync() {
    FakeMachine source = one.replication == Replication.SYNC_SOURCE ? one : two;
    FakeMachine target = peer(source);
    target.disk = DiskState.UP_TO_DATE;
    target.current = source.current;
    damagedKib = 0;
    source.bitmap = 0;
    target.bitmap = 0;
    connect(Replication.ESTABLISHED, Replication.ESTABLISHED);
  }

  /** Each primary goes on by itself and remembers from where: with two of them, a split brain. */
  private void lose() {
    for (FakeMachine machine : List.of(one, two)) {
      if (machine.connected && machine.role == Role.PRIMARY) {
        machine.bitmap = machine.current;
        machine.current = nextGeneration += 0x10;
      }
      machine.connected = false;
      machine.replication = Replication.OFF;
    }
  }

  void pull() {
    cable = false;
    lose();
  }

  void plug() {
    cable = true;
    settle();
  }

  void part(FakeMachine machine) {
    if (machine.connected) {
      lose();
    }
    machine.wantsPeer = false;
  }
}
