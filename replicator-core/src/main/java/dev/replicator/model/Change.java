package dev.replicator.model;

/**
 * A record on its way to a peer.
 *
 * @param number its place in the sender's journal
 * @param group names the directory that arrived as a whole with this change, 0 for none
 */
public record Change(long number, RelativePath path, Record record, long group) {}
