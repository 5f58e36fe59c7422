package dev.replicator.model;

/**
 * Which directory a root really is, so that an unmounted or replaced one is noticed.
 *
 * @param marker random text kept with the root directory itself; empty when absent
 */
public record RootIdentity(long device, long inode, String marker) {}
