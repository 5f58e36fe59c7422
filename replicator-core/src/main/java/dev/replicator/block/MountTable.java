package dev.replicator.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /proc/mounts}. */
record MountTable(List<Mount> mounts) {
  /** One line of it; the kernel's octal escapes stay as they are: ours have none. */
  record Mount(String source, String target, String type, List<String> options) {}

  MountTable {
    mounts = List.copyOf(mounts);
  }

  static MountTable parse(String text) throws UnreadableException {
    List<Mount> mounts = new ArrayList<>();
    for (String line : Lines.of(text)) {
      String[] words = line.split(" ", -1);
      if (words.length != 6) {
        throw new UnreadableException("/proc/mounts: " + line);
      }
      mounts.add(new Mount(words[0], words[1], words[2], List.of(words[3].split(",", -1))));
    }
    return new MountTable(mounts);
  }

  /** What is on top at a directory. */
  Optional<Mount> at(String target) {
    return mounts.reversed().stream().filter(mount -> mount.target().equals(target)).findFirst();
  }

  /** Where a device is mounted first. */
  Optional<Mount> of(String source) {
    return mounts.stream().filter(mount -> mount.source().equals(source)).findFirst();
  }

  boolean has(String type) {
    return mounts.stream().anyMatch(mount -> mount.type().equals(type));
  }
}
