package dev.replicator.block;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a tool did not do what it was asked, out of its exit code and text as recorded. The code
 * alone says little: 10 stands for a parse error and for many refusals of the kernel.
 */
enum Refusal {
  NO_METADATA("there is no metadata of DRBD on the disk"),
  CANCELLED("it found data, asked whether to go on, and nobody answers"),
  UNKNOWN_RESOURCE("the resource is not in the configuration for this host"),
  CONFIGURATION("the configuration does not parse"),
  ADDRESS_NOT_LOCAL("the address of this node is on no interface"),
  ADDRESS_IN_USE("it is connected already, or the port is in use"),
  DISCARD_ON_PRIMARY("a primary does not give up its data"),
  UNKNOWN_MINOR("the kernel has no such device"),
  UNKNOWN_CONNECTION("there is no connection to end"),
  MULTIPLE_PRIMARIES("the configuration in the kernel allows one primary only"),
  REFUSED_BY_PEER("the peer refused; it may have been busy with the same"),
  HELD_OPEN("a program or a mount holds the device open"),
  NOT_UP_TO_DATE("it needs data that is up to date"),
  CONFIGURED("it is configured already"),
  DEVICE_BUSY("somebody else has the disk open"),
  DEVICE_MISSING("there is no such disk"),
  DEVICE_TOO_SMALL("the disk is too small"),
  NO_MODULE("the kernel has no module drbd"),
  CLUSTER_OFFLINE("the cluster is not registered, or its file systems are not mounted"),
  CLUSTER_MISMATCH("the file system belongs to another cluster"),
  CLUSTER_BUSY("a file system still holds the cluster"),
  NO_LOCAL_NODE("none of the cluster's nodes is this host"),
  BUSY("files are open on it"),
  NOT_MOUNTED("it is not mounted"),
  MOUNTED("it is mounted"),
  MOUNTS_UNKNOWN("it cannot tell whether it is mounted; is there an /etc/mtab?"),
  TIMED_OUT("it did not happen in time"),
  OTHER("it failed");

  private static final Pattern KERNEL =
      Pattern.compile("(?:Failure|State change failed): \\((-?[0-9]{1,9})\\)");

  private final String text;

  Refusal(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /**
   * Whether the same may succeed in a moment. Who only looks what is on a device, as a daemon or
   * udev does once it is unmounted, holds it open for no longer than that.
   */
  boolean passing() {
    return this == REFUSED_BY_PEER || this == HELD_OPEN;
  }

  /** Empty for an exit code of 0, which promises nothing: the state is read again. */
  static Optional<Refusal> of(int exitCode, String output, String errors) {
    if (exitCode == 0) {
      return Optional.empty();
    }
    Matcher kernel = KERNEL.matcher(errors);
    if (kernel.find()) {
      return Optional.of(ofKernel(Integer.parseInt(kernel.group(1))));
    }
    String all = output + "\n" + errors;
    for (Text known : Text.values()) {
      if (all.contains(known.part)) {
        return Optional.of(known.refusal);
      }
    }
    return Optional.of(exitCode == 5 ? TIMED_OUT : OTHER);
  }

  private static Refusal ofKernel(int code) {
    return switch (code) {
      case -1 -> MULTIPLE_PRIMARIES;
      case -2 -> NOT_UP_TO_DATE;
      case -10 -> REFUSED_BY_PEER;
      case -12 -> HELD_OPEN;
      case 102 -> ADDRESS_IN_USE;
      case 123 -> DISCARD_ON_PRIMARY;
      case 127 -> UNKNOWN_MINOR;
      case 162 -> UNKNOWN_CONNECTION;
      default -> OTHER;
    };
  }

  /** Parts of messages; the first that is found decides. */
  private enum Text {
    PARSE("Parse error", CONFIGURATION),
    CONFLICT("conflicting use of", CONFIGURATION),
    NUMBER("is not a valid number", CONFIGURATION),
    NOT_LOCAL("not found on this host", ADDRESS_NOT_LOCAL),
    NOT_DEFINED("not defined in your config", UNKNOWN_RESOURCE),
    NO_RESOURCE("No such resource", UNKNOWN_RESOURCE),
    MODPROBE("Failed to modprobe drbd", NO_MODULE),
    METADATA("No valid meta data found", NO_METADATA),
    IS_CONFIGURED("is configured!", CONFIGURED),
    SMALL("That's not enough", DEVICE_TOO_SMALL),
    MISSING("failed: No such file or directory", DEVICE_MISSING),
    OPEN("failed: Device or resource busy", DEVICE_BUSY),
    ASKED("Operation cancel", CANCELLED),
    SERVICE("Unable to access cluster service", CLUSTER_OFFLINE),
    NAME("Cluster name is invalid while", CLUSTER_MISMATCH),
    JOIN("Internal logic failure while trying to join the group", NO_LOCAL_NODE),
    REGION("heartbeat region is still active", CLUSTER_BUSY),
    IS_BUSY("target is busy", BUSY),
    WHETHER_MOUNTED("while determining whether", MOUNTS_UNKNOWN),
    IS_NOT_MOUNTED("not mounted", NOT_MOUNTED),
    IS_MOUNTED("is mounted", MOUNTED);

    private final String part;
    private final Refusal refusal;

    Text(String part, Refusal refusal) {
      this.part = part;
      this.refusal = refusal;
    }
  }
}
