package dev.replicator.cli.config;

import dev.replicator.model.NodeId;
import java.util.Optional;

/**
 * Another node that this one trusts.
 *
 * @param address where it listens; without one it has to dial
 * @param bandwidth at most this much content of files is sent to it; without one there is no limit
 * @param where file and line of the administrator's file, or the file in the state directory
 */
public record PeerConfig(
    String name,
    Optional<HostPort> address,
    NodeId key,
    Optional<Bandwidth> bandwidth,
    String where) {
  /** One without a limit. */
  public PeerConfig(String name, Optional<HostPort> address, NodeId key, String where) {
    this(name, address, key, Optional.empty(), where);
  }

  /** The same under another name. */
  public PeerConfig named(String other) {
    return new PeerConfig(other, address, key, bandwidth, where);
  }

  /**
   * A name that may be used.
   *
   * @throws IllegalArgumentException that says in words what is wrong with it
   */
  public static String checkedName(String name) {
    return ConfigReader.name(name);
  }
}
