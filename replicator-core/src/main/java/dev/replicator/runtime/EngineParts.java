package dev.replicator.runtime;

import dev.replicator.filter.FilterRules;
import dev.replicator.model.Initial;
import dev.replicator.model.NodeId;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Clock;
import dev.replicator.port.Journal;
import dev.replicator.port.PeerLink;
import dev.replicator.port.Tree;
import dev.replicator.port.Watcher;
import dev.replicator.vault.Vault;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What a file engine is made of. It closes journal, tree and watcher when it stops.
 *
 * @param path of the root, for people
 * @param peers configured peers and their names
 * @param observing takes nothing in from the disk, puts nothing on it and sends no change
 * @param watchers makes one that was not started; another one is asked for when one failed
 * @param afterApply is part of the chronicle
 * @param quiet how long a file must rest before it is read, where the watcher tells of no closes
 * @param settle after which a path that never rests is looked at all the same
 * @param scanEvery how often the whole tree is compared with the index, whatever the watcher told
 * @param retention how long the vault keeps what left its path
 */
public record EngineParts(
    String name,
    String path,
    NodeId self,
    SortedMap<NodeId, String> peers,
    FilterRules filter,
    Initial initial,
    boolean observing,
    Clock clock,
    Journal journal,
    Tree tree,
    Supplier<Watcher> watchers,
    Vault vault,
    PeerLink link,
    Chronicle chronicle,
    Optional<AfterApply> afterApply,
    Duration quiet,
    Duration settle,
    Duration scanEvery,
    Duration retention) {}
