package dev.replicator.cli.daemon;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.control.JoinJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.Initial;
import dev.replicator.net.identity.KeyText;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.pairing.Invitation;
import dev.replicator.net.pairing.Joiner;
import dev.replicator.net.pairing.PairingException;
import dev.replicator.net.session.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
    store.add(MeshNetwork.config(cluster.inviter(), "paired"));
    for (Peer other : cluster.others()) {
      if (!other.node().equals(key.node()) && !isWritten(other)) {
        store.learn(MeshNetwork.config(other, "learned"));
      }
    }
    for (RootConfig root : configuration.roots()) {
      // Left there it would wait for the journal after this one.
      if (!state.hasJournal(root.name())) {
        state.initial(root.name(), initial);
      }
    }
    return result(false, cluster, List.of(), initial);
  }

  /** What others tell of it would outlast what the files say. */
  private boolean isWritten(Peer peer) {
    return configuration.peers().stream().anyMatch(one -> one.key().equals(peer.node()));
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
    return result(true, cluster, counts, initial);
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
      boolean dryRun, Joiner.Cluster cluster, List<JoinJson.Counts> counts, Initial initial) {
    TreeSet<String> here = new TreeSet<>();
    configuration.roots().forEach(root -> here.add(root.name()));
    TreeSet<String> there = new TreeSet<>(cluster.roots());
    return new JoinJson(
        dryRun,
        json(cluster.inviter()),
        cluster.others().stream().map(Joining::json).toList(),
        here.stream().filter(there::contains).toList(),
        there.stream().filter(root -> !here.contains(root)).toList(),
        here.stream().filter(root -> !there.contains(root)).toList(),
        counts,
        initial == Initial.UNION ? List.of() : here.stream().filter(state::hasJournal).toList());
  }

  private static JoinJson.Peer json(Peer peer) {
    return new JoinJson.Peer(peer.name(), peer.address(), KeyText.print(peer.node()));
  }
}
