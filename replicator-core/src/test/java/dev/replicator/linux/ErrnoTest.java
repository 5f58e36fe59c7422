package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Problem.Kind;
import dev.replicator.port.TreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoTest {
  @Test
  void whatNoRenameReachesIsNotSaidToBeBeyondAMountPoint() {
    assertEquals(Kind.SPECIAL, Errno.problemOf(new Errno(Errno.EXDEV, "openat2")).kind());
    assertEquals(
        "something is in the way: no rename leads over file systems, mounts or quotas",
        Errno.problemOf(new Errno(Errno.EXDEV, Errno.RENAME)).toString());
  }

  /** A write fails as any other {@code IOException}, far from who knows the numbers. */
  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOSPC, Errno.EDQUOT})
  void aFullDiskIsKnownByTheWordsOfAFailedWrite(int number) {
    assertEquals(Kind.DISK_FULL, TreeException.problemOf(new Errno(number, "pwrite")).kind());
  }
}
