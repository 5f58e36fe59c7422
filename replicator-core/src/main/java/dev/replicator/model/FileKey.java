package dev.replicator.model;

/** Which file of a file system: all names of one file have the same. */
public record FileKey(long device, long inode) {}
