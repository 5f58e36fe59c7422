package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import dev.replicator.model.Message;
import java.util.TreeMap;

/** The connection between two nodes: messages keep their order, and are lost when it ends. */
final class SimulatedLink {
  private static final long DIAL_MILLIS = 20;

  private final SimulatedCluster cluster;
  private final SimulatedNode one;
  private final SimulatedNode other;
  private final TreeMap<Integer, Long> arrivals = new TreeMap<>();

  /** What a message to a node takes at least, in milliseconds. */
  private final TreeMap<Integer, Long> latencies = new TreeMap<>();

  private boolean cut;
  private boolean up;
  private int session;

  SimulatedLink(SimulatedCluster cluster, SimulatedNode one, SimulatedNode other) {
    this.cluster = cluster;
    this.one = one;
    this.other = other;
  }

  @Override
  public String toString() {
    return one + "-" + other;
  }

  boolean joins(SimulatedNode node) {
    return one == node || other == node;
  }

  boolean isUp() {
    return up;
  }

  /** Nothing passes until {@link #heal}. */
  void cut() {
    cut = true;
    drop();
  }

  void heal() {
    cut = false;
    latencies.clear();
    dial();
  }

  /** From now on messages to one of the two take that long at least, until {@link #heal}. */
  void slow(SimulatedNode to, long millis) {
    latencies.put(to.number, millis);
  }

  /** What is sent to one of the two waits on its way; the other direction is as it was. */
  void stall(SimulatedNode to, long millis) {
    long until = cluster.micros() + millis * 1_000;
    arrivals.merge(to.number, until, Math::max);
  }

  private long notBefore(SimulatedNode to) {
    long last = arrivals.getOrDefault(to.number, 0L);
    long latency = latencies.getOrDefault(to.number, 0L);
    return latency == 0 ? last : Math.max(last, cluster.micros() + latency * 1_000);
  }

  void dial() {
    cluster.schedule(
        cluster.random().nextLong(DIAL_MILLIS) + 1,
        () -> {
          if (!cut && !up && one.isUp() && other.isUp() && cluster.trust().isMutual(one, other)) {
            up = true;
            session++;
            cluster.note("connected " + one + " " + other);
            connected(one, other, session);
            connected(other, one, session);
          }
        });
  }

  private void connected(SimulatedNode here, SimulatedNode peer, int opened) {
    long due =
        cluster.arrive(
            this,
            here,
            arrivals.getOrDefault(here.number, 0L),
            () -> {
              if (up && session == opened) {
                here.handle(new Event.Connected(peer.id));
              }
            });
    arrivals.put(here.number, due);
  }

  /** Ends the session; both sides learn of it, and dial again. */
  void drop() {
    if (!up) {
      return;
    }
    up = false;
    session++;
    cluster.note("disconnected " + one + " " + other);
    disconnected(one, other);
    disconnected(other, one);
    cluster.schedule(DIAL_MILLIS * 2, this::dial);
  }

  private void disconnected(SimulatedNode here, SimulatedNode peer) {
    int life = here.life();
    long due =
        cluster.arrive(
            this,
            here,
            arrivals.getOrDefault(here.number, 0L),
            () -> {
              if (here.life() == life) {
                here.handle(new Event.Disconnected(peer.id));
              }
            });
    arrivals.put(here.number, due);
  }

  void send(SimulatedNode from, Message message) {
    if (!up) {
      return;
    }
    SimulatedNode to = from == one ? other : one;
    int sent = session;
    long due =
        cluster.arrive(
            this,
            to,
            notBefore(to),
            () -> {
              if (up && session == sent) {
                to.handle(new Event.Received(from.id, message));
              }
            });
    arrivals.put(to.number, due);
  }
}
