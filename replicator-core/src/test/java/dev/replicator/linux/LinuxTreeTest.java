package dev.replicator.linux;

/** The whole contract by system calls. */
final class LinuxTreeTest extends LinuxTreeContract {}
