package dev.replicator.block;

import java.util.List;

/** Says what is the matter, and what to do where a person has to. */
final class AssessmentText {
  private static final String RESOLVE = "run `replicator block resolve --victim NODE` on both";

  private AssessmentText() {}

  static String of(Assessment assessment) {
    return switch (assessment) {
      case Assessment.Basis basis -> basis(basis);
      case Assessment.Link link -> link(link);
      case Assessment.Service service -> service(service);
    };
  }

  private static String basis(Assessment.Basis basis) {
    return switch (basis) {
      case Assessment.Unreadable(String why) -> "the state cannot be told: " + why;
      case Assessment.NotLookedAt(String what) -> what + " was not looked at";
      case Assessment.NoModule() -> "the module drbd of the kernel is not loaded";
      case Assessment.Unsupported(String version) ->
          "DRBD " + version + " is loaded; only 8.4 is driven, for 9 `block plan` only renders";
      case Assessment.ForeignFiles(List<String> paths) ->
          "somebody else wrote " + list(paths) + "; --take-over FILE replaces it";
      case Assessment.FilesOutdated(List<String> paths) -> "not as configured: " + list(paths);
      case Assessment.Misread(List<String> differences) ->
          "drbdadm reads the configuration otherwise than it was meant: " + list(differences);
      case Assessment.DiskMissing(String disk) -> "there is no disk " + disk;
      case Assessment.DiskInUse(String disk, List<String> users) ->
          disk + " is in use and never touched while it is: " + list(users);
      case Assessment.DiskOccupied(String disk, Content content) ->
          disk
              + " holds "
              + content.text()
              + "; if nothing on it is needed, --yes-destroy "
              + disk
              + " makes it DRBD's";
      case Assessment.NoMetadata(String disk) -> disk + " is blank and has no metadata of DRBD";
      case Assessment.DiskBlank(String disk) ->
          disk
              + " is blank, and this node served from it before: look whether it is the right one;"
              + " if it is, --yes-destroy "
              + disk
              + " has it synced from the peer";
      case Assessment.Down() -> "DRBD is down";
      case Assessment.HalfUp() -> "a start that failed has left half a resource behind";
    };
  }

  private static String link(Assessment.Link link) {
    return switch (link) {
      case Assessment.Settling(Drbd state) -> "changing its state: " + state.text();
      case Assessment.Frozen(Drbd state) ->
          "I/O is frozen until fencing has decided: " + state.text();
      case Assessment.Diskless(Drbd state) ->
          "the backing disk is gone (" + state.text() + "); put it right and `drbdadm attach` it";
      case Assessment.SplitBrain(Drbd state) ->
          "split brain ("
              + state.text()
              + "): both sides went on without each other; choose whose changes are lost and "
              + RESOLVE;
      case Assessment.UnrelatedData(Drbd state) ->
          "the disks of the two nodes never held the same data ("
              + state.text()
              + "): one of them is not the disk that it should be; where it holds nothing that is"
              + " needed, `block down`, wipefs it, and `block up` with --yes-destroy DISK";
      case Assessment.StandAlone(Drbd state, KernelLog.Cause cause) ->
          "not connected, and not trying ("
              + state.text()
              + "): "
              + (cause == KernelLog.Cause.NONE ? "the kernel does not say why" : cause.text())
              + "; put it right, then `replicator block down` and `up`";
      case Assessment.PeerAway(Drbd state, KernelLog.Cause cause) ->
          "waiting for the peer ("
              + state.text()
              + ")"
              + (cause == KernelLog.Cause.NONE ? "" : ": " + cause.text());
      case Assessment.NeverSynced(boolean ours) ->
          ours
              ? "two new disks; this node begins the first sync"
              : "two new disks; the node whose name comes first begins the first sync";
      case Assessment.BothInconsistent() ->
          "neither disk is whole, and they are not new; choose one and `drbdadm primary --force`";
      case Assessment.Syncing(Drbd state) -> "syncing: " + state.text();
      case Assessment.SyncPaused(Drbd state) ->
          "somebody paused the sync (" + state.text() + "); `drbdadm resume-sync` goes on";
      case Assessment.Verifying(Drbd state) -> "verifying: " + state.text();
      case Assessment.OutOfSync(long kib) ->
          kib + " KiB differ between the disks; choose whose are wrong and " + RESOLVE;
      case Assessment.Unexpected(Drbd state) ->
          "not a state that this driver knows a way from: " + state.text();
      case Assessment.NotPrimary() -> "in step, and not primary yet";
    };
  }

  private static String service(Assessment.Service service) {
    return switch (service) {
      case Assessment.StackMissing _ -> "the kernel's part of OCFS2 is not ready";
      case Assessment.ClusterOffline() -> "the cluster of OCFS2 is not registered";
      case Assessment.NoLocalNode(long found) ->
          found + " nodes of the cluster are this host; its name must be that of exactly one";
      case Assessment.ClusterDiffers(String difference, boolean beating) ->
          "the registered cluster is another one: "
              + difference
              + (beating ? "; `replicator block down` on both, then `up`" : "");
      case Assessment.TimeoutsDiffer(ClusterTimeout first) ->
          first.path() + " is not what is configured";
      case Assessment.NoFileSystem(boolean ours) ->
          ours
              ? "no file system yet; this node makes it"
              : "no file system yet; the node whose name comes first makes it";
      case Assessment.ForeignFileSystem(Content content) ->
          "the device holds "
              + content.text()
              + " instead of our OCFS2; --yes-destroy DISK overwrites it";
      case Assessment.FileSystemGone(Past past) ->
          "the device is blank, and "
              + (past == Past.SERVED
                  ? "OCFS2 was on it"
                  : "this node does not remember to have begun its first sync")
              + "; look at the peer and at the backing disk; where nothing is needed,"
              + " --yes-destroy DISK on the first node makes a file system";
      case Assessment.MountedElsewhere(String what) -> "mounted otherwise than configured: " + what;
      case Assessment.ReadOnly() ->
          "the kernel made the mount read-only after an error, see its log; `replicator pause` and"
              + " umount on both, fsck.ocfs2 on one, then `replicator block up` on both";
      case Assessment.NotMounted() -> "not mounted";
      case Assessment.Degraded(String why) -> "served here alone: " + why;
      case Assessment.PeerNotPrimary() -> "served here; the peer is in step and not primary";
      case Assessment.KernelDiffers(List<String> differences) ->
          "served here, but DRBD was brought up with other options: "
              + list(differences)
              + "; `replicator block down` on both, then `up`";
      case Assessment.Healthy() -> "healthy";
    };
  }

  private static String list(List<String> items) {
    return String.join(", ", items);
  }
}
