package dev.replicator.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The constants that all nodes of all versions share: a change here is a new protocol. */
final class GearTest {
  @Test
  void seedIsTheWordReplicat() {
    byte[] word = "replicat".getBytes(StandardCharsets.US_ASCII);
    assertEquals(ByteBuffer.wrap(word).getLong(), Gear.SEED);
  }

  @Test
  void tableNeverChanges() {
    ByteBuffer table = ByteBuffer.allocate(Gear.TABLE.length * Long.BYTES);
    for (long value : Gear.TABLE) {
      table.putLong(value);
    }
    assertEquals("e8949389cf7236d4", Long.toHexString(Gear.TABLE[0]));
    assertEquals("741bc31cf82fe49c", Long.toHexString(Gear.TABLE[255]));
    assertEquals(
        "e662049e37fd25fc780af1c630731f8f97a9684b514af6bb1eedbd0154a1b5d2",
        Digests.of(table.array()).toHex());
  }

  @Test
  void masksNeverChange() {
    assertEquals("ffffc00000000000", Long.toHexString(Gear.MASK_BELOW_AVERAGE));
    assertEquals("fffc000000000000", Long.toHexString(Gear.MASK_ABOVE_AVERAGE));
  }

  @Test
  void runsOfOneByteNeverEndAChunk() {
    for (long value : Gear.TABLE) {
      assertNotEquals(0, -value & Gear.MASK_ABOVE_AVERAGE, "the hash of a long run of one byte");
    }
  }
}
