package dev.replicator.block;

/** One thing to do on this machine. */
public sealed interface Step {
  /** Writes a file of the configuration anew. */
  record WriteFile(String path) implements Step {}

  record LoadModule(String name) implements Step {}

  /** Mounts a file system of the kernel. */
  record MountKernel(String type, String target) implements Step {}

  /** Erases what {@code blkid} finds on the backing disk. */
  record EraseSignatures() implements Step {}

  /** On a disk that looks blank; over anything that looks like data drbdadm refuses it. */
  record CreateMetadata() implements Step {}

  record Adjust() implements Step {}

  record TakeDown() implements Step {}

  record Connect() implements Step {}

  /** Gives up what this side wrote since the split. */
  record ConnectDiscarding() implements Step {}

  record Disconnect() implements Step {}

  record Promote() implements Step {}

  /** Calls new, equal metadata on both sides up to date here: the first sync begins. */
  record BeginFirstSync() implements Step {}

  record Demote() implements Step {}

  record BeginVerify() implements Step {}

  record RegisterCluster() implements Step {}

  record UnregisterCluster() implements Step {}

  record SetTimeout(ClusterTimeout timeout) implements Step {}

  /**
   * @param over what is on the device already
   */
  record MakeFileSystem(boolean over) implements Step {}

  record Mount() implements Step {}

  record Unmount() implements Step {}

  /** Whether data may be lost by it. */
  default boolean destructive() {
    return switch (this) {
      case EraseSignatures _, ConnectDiscarding _ -> true;
      case MakeFileSystem(boolean over) -> over;
      case CreateMetadata _,
          WriteFile _,
          LoadModule _,
          MountKernel _,
          Adjust _,
          TakeDown _,
          Connect _,
          Disconnect _,
          Promote _,
          BeginFirstSync _,
          Demote _,
          BeginVerify _,
          RegisterCluster _,
          UnregisterCluster _,
          SetTimeout _,
          Mount _,
          Unmount _ ->
          false;
    };
  }
}
