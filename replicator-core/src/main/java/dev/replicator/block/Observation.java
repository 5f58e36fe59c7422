package dev.replicator.block;

import java.util.List;
import java.util.Optional;

/**
 * Everything that one machine tells of its root at one moment. What is looked at depends on what
 * was found before: without the module no tool of DRBD is run that would load it.
 *
 * @param drbd empty when the kernel has no such resource
 * @param backing looked at while DRBD does not hold the disk
 * @param content of the DRBD device, which only a primary can read
 * @param past what this node remembers of the device
 * @param lastVerify the kernel's line about the last verify that came to its end, or ""
 * @param kernelDiffers what the kernel was told otherwise than it is configured now
 */
public record Observation(
    Seen<Module> module,
    Seen<Files> files,
    Seen<Optional<Drbd>> drbd,
    Optional<Progress> progress,
    Seen<Backing> backing,
    Seen<GenerationIds> generation,
    KernelLog.Cause cause,
    Seen<Stack> stack,
    Seen<Content> content,
    Seen<Mounted> mounted,
    Past past,
    String lastVerify,
    List<String> kernelDiffers) {
  public Observation {
    kernelDiffers = List.copyOf(kernelDiffers);
  }

  /** The module of the kernel. */
  public sealed interface Module {
    record Absent() implements Module {}

    record Loaded(String version, Generation generation) implements Module {}
  }

  /**
   * The files of the configuration.
   *
   * @param outdated paths that are missing, or ours with another text
   * @param foreign paths that somebody else wrote
   * @param misread how drbdadm understands them otherwise than they were meant
   */
  public record Files(List<String> outdated, List<String> foreign, List<String> misread) {
    public Files {
      outdated = List.copyOf(outdated);
      foreign = List.copyOf(foreign);
      misread = List.copyOf(misread);
    }
  }

  /**
   * The backing disk.
   *
   * @param users who holds it: mounts and other devices on top of it or of its partitions
   */
  public record Backing(boolean exists, boolean metadata, Content content, List<String> users) {
    public Backing {
      users = List.copyOf(users);
    }
  }

  /** What OCFS2 needs of the kernel. */
  public record Stack(
      boolean modules, boolean configfs, boolean dlmfs, Optional<ClusterTree> cluster) {}

  /** Where the device is mounted. */
  public sealed interface Mounted {
    record Nowhere() implements Mounted {}

    record Here(boolean writable) implements Mounted {}

    /** The device is mounted at another directory. */
    record Elsewhere(String target) implements Mounted {}

    /** The directory holds another mount. */
    record Covered(String source) implements Mounted {}
  }

  /** The kernel's state of the resource, where there is one. */
  Optional<Drbd> resource() {
    return drbd.found().flatMap(found -> found);
  }
}
