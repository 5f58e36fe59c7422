package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Bytes;
import org.junit.jupiter.api.Test;

/** The mode of what cannot have the access list that goes with it. */
final class AccessListTest {
  private static final String VERSION = "02000000";
  private static final String OWNER_ALL = "01000700ffffffff";
  private static final String GROUP_READS = "04000400ffffffff";
  private static final String OTHERS_READ = "20000400ffffffff";

  private static int narrowed(int mode, String... entries) {
    return AccessList.narrowed(mode, Bytes.ofHex(VERSION + String.join("", entries)));
  }

  @Test
  void theGroupMayNotDoWhatOnlyTheMaskAllows() {
    String maskAll = "10000700ffffffff";
    String carolAll = "0200070039300000";
    assertEquals(0744, narrowed(0774, OWNER_ALL, carolAll, GROUP_READS, maskAll, OTHERS_READ));
  }

  @Test
  void theMaskTakesFromTheGroup() {
    String maskNone = "10000000ffffffff";
    assertEquals(0704, narrowed(0774, OWNER_ALL, GROUP_READS, maskNone, OTHERS_READ));
  }

  /** Without the list he is one of the others, or of the group. */
  @Test
  void whomTheListShutsOutIsNotLetInAsOneOfTheOthers() {
    String carolNothing = "0200000039300000";
    assertEquals(0700, narrowed(0744, OWNER_ALL, carolNothing, GROUP_READS, OTHERS_READ));
    String groupNothing = "0800000039300000";
    assertEquals(02700, narrowed(02744, OWNER_ALL, GROUP_READS, groupNothing, OTHERS_READ));
  }

  @Test
  void whomTheMaskShutsOutIsNotLetInEither() {
    String carolReads = "0200040039300000";
    String maskNone = "10000000ffffffff";
    assertEquals(0600, narrowed(0604, OWNER_ALL, carolReads, GROUP_READS, maskNone, OTHERS_READ));
  }

  @Test
  void ofAListThatCannotBeReadOnlyTheOwnerIsLeft() {
    assertEquals(0700, AccessList.narrowed(0777, Bytes.ofHex("0200")));
    assertEquals(0700, narrowed(0777, OWNER_ALL, "0400"));
  }
}
