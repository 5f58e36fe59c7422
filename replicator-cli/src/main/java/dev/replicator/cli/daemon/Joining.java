package dev.replicator.cli.daemon;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerNames;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.control.JoinJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.Initial;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.pairing.Invitation;
import dev.replicator.net.pairing.Joiner;
import dev.replicator.net.pairing.PairingException;
import dev.replicator.net.session.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Joins the cluster of another node, or tries what would come of it. */
public final class Joining {
  private final Configuration configuration;
  private final StateDirectory state;

  public Joining(Configuration configuration, StateDirectory state) {
    this.configuration = configuration;
    this.state = state;
  }

  /** Pins the inviter's key and those of its peers; {@code initial} counts for new journals. */
  public JoinJson join(String token, Initial initial) throws Failure, IOException {
    NodeKey key = NodeIdentity.key(configuration, state);
    Invitation invitation = invitation(token);
    Joiner.Cluster cluster;
    try {
      cluster = new Joiner(key).join(invitation, introduction());
    } catch (PairingException refused) {
      throw failure(refused);
    }
    PeerStore store = new PeerStore(state.path());
    Met met = met(cluster, key.node());
    store.add(met.inviter);
    for (PeerConfig other : met.others) {
      if (!isWritten(other)) {
        store.learn(other);
      }
    }
    for (RootConfig root : configuration.roots()) {
      // Left there it would wait for the journal after this one.
      if (!state.hasJournal(root.name())) {
        state.initial(root.name(), initial);
      }
    }
    return result(false, cluster, met, List.of(), initial);
  }

  /** The nodes of a cluster as they are called here, and this one as it is called there. */
  private record Met(PeerConfig inviter, List<PeerConfig> others, String calledThere) {}

  /**
   * The inviter tells how others are called in the cluster, and not that it has another name there
   * itself: so the others come first. Whoever has the name of this node had it before.
   */
  private Met met(Joiner.Cluster cluster, NodeId self) throws IOException {
    PeerBook book = PeerBook.of(configuration, new PeerStore(state.path()));
    PeerNames here = book.holders();
    PeerNames there = new PeerNames(new TreeMap<>()).besides(cluster.inviter().name());
    List<PeerConfig> others = new ArrayList<>();
    for (Peer other : cluster.others()) {
      PeerConfig told = MeshNetwork.config(other, "learned");
      there.give(told);
      if (!other.node().equals(self)) {
        boolean known = book.peers().containsKey(other.node());
        others.add(known ? told.named(book.nameOf(other.node())) : here.give(told));
      }
    }
    PeerConfig inviter = here.give(MeshNetwork.config(cluster.inviter(), "paired"));
    PeerConfig joiner =
        new PeerConfig(configuration.node().name(), Optional.empty(), self, "joined");
    return new Met(inviter, others, there.give(joiner).name());
  }

  /** What others tell of it would outlast what the files say. */
  private boolean isWritten(PeerConfig peer) {
    return configuration.peers().stream().anyMatch(one -> one.key().equals(peer.key()));
  }

  /** Counts how the trees compare; nothing is changed on either side. */
  public JoinJson compare(String token, Initial initial) throws Failure, IOException {
    NodeKey key = NodeIdentity.key(configuration, state);
    Invitation invitation = invitation(token);
    TreeMap<String, TreeComparison> comparisons = new TreeMap<>();
    for (RootConfig root : configuration.roots()) {
      comparisons.put(root.name(), TreeComparison.of(root));
    }
    Joiner.Cluster cluster;
    try {
      cluster =
          new Joiner(key)
              .dryRun(
                  invitation,
                  introduction(),
                  (root, item) -> {
                    TreeComparison comparison = comparisons.get(root);
                    if (comparison != null) {
                      comparison.there(item);
                    }
                  });
    } catch (PairingException refused) {
      throw failure(refused);
    }
    List<JoinJson.Counts> counts = new ArrayList<>();
    comparisons.forEach((root, comparison) -> {
      if (cluster.roots().contains(root)) {
        counts.add(comparison.counts(root));
      }
    });
    return result(true, cluster, met(cluster, key.node()), counts, initial);
  }

  private static Invitation invitation(String token) throws Failure {
    try {
      return Invitation.parse(token, System.currentTimeMillis());
    } catch (Invitation.FlawException flaw) {
      throw new Failure(ExitCode.REFUSED, String.valueOf(flaw.getMessage()), flaw);
    }
  }

  private Joiner.Introduction introduction() {
    HostPort listen = configuration.node().listen();
    return new Joiner.Introduction(
        configuration.node().name(),
        listen.port() == 0 ? "" : listen.toString(),
        configuration.roots().stream().map(RootConfig::name).toList());
  }

  private static Failure failure(PairingException refused) {
    ExitCode code =
        switch (refused.refusal()) {
          case UNREACHABLE -> ExitCode.NOT_RUNNING;
          case UNKNOWN_INVITATION,
              USED,
              EXPIRED,
              BAD_PROOF,
              RATE_LIMITED,
              VERSION,
              WRONG_KEY,
              NONE_OPEN,
              BROKEN,
              OTHER ->
              ExitCode.REFUSED;
        };
    return new Failure(code, String.valueOf(refused.getMessage()), refused);
  }

  private JoinJson result(
      boolean dryRun,
      Joiner.Cluster cluster,
      Met met,
      List<JoinJson.Counts> counts,
      Initial initial) {
    TreeSet<String> here = new TreeSet<>();
    configuration.roots().forEach(root -> here.add(root.name()));
    TreeSet<String> there = new TreeSet<>(cluster.roots());
    return new JoinJson(
        dryRun,
        met.calledThere,
        json(met.inviter),
        met.others.stream().map(Joining::json).toList(),
        here.stream().filter(there::contains).toList(),
        there.stream().filter(root -> !here.contains(root)).toList(),
        here.stream().filter(root -> !there.contains(root)).toList(),
        counts,
        initial == Initial.UNION ? List.of() : here.stream().filter(state::hasJournal).toList());
  }

  private static JoinJson.Peer json(PeerConfig peer) {
    return new JoinJson.Peer(
        peer.name(), peer.address().map(HostPort::toString).orElse(""), KeyText.print(peer.key()));
  }
}
