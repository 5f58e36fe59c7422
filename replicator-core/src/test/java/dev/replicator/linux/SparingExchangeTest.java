package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Exchanged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An exchange that leaves alone what somebody has open for writing. */
final class SparingExchangeTest extends LinuxTreeFixture {
  private static final RelativePath F = RelativePath.of("f");

  private Optional<Materialised> expected = Optional.empty();

  @BeforeEach
  void write() throws Exception {
    user().write(F, "old");
    expected = Optional.of(materialised("f"));
  }

  private FileChannel open(StandardOpenOption how) throws IOException {
    return FileChannel.open(root().resolve("f"), how);
  }

  @Test
  void touchesNothingWhileSomebodyWrites() throws Exception {
    Intent intent = fileIntent(expected, "new");
    try (FileChannel writer = open(StandardOpenOption.APPEND)) {
      assertEquals(new Exchanged.BeingWritten(), tree().exchangeUnlessWritten(F, intent));

      writer.write(ByteBuffer.wrap("er".getBytes(StandardCharsets.US_ASCII)));

      assertEquals(new Exchanged.BeingWritten(), tree().exchangeUnlessWritten(F, intent));
      assertEquals("older", user().read(F));
    }
    assertEquals(new Exchanged.Unexpected(), tree().exchangeUnlessWritten(F, intent));
    assertTrue(tree().staged().contains(intent.stagedName()));
  }

  @Test
  void goesOnOnceHeClosed() throws Exception {
    Intent intent = fileIntent(expected, "new");
    try (FileChannel writer = open(StandardOpenOption.WRITE)) {
      assertTrue(writer.isOpen());
      assertEquals(new Exchanged.BeingWritten(), tree().exchangeUnlessWritten(F, intent));
    }

    assertInstanceOf(Exchanged.Done.class, tree().exchangeUnlessWritten(F, intent));

    assertEquals("new", user().read(F));
  }

  @Test
  void goesOnBesideAReader() throws Exception {
    try (FileChannel reader = open(StandardOpenOption.READ)) {
      assertTrue(reader.isOpen());

      assertInstanceOf(
          Exchanged.Done.class, tree().exchangeUnlessWritten(F, fileIntent(expected, "new")));
    }
  }

  @Test
  void goesOnBesideAWriterWhenItIsNotToSpareHim() throws Exception {
    try (FileChannel writer = open(StandardOpenOption.WRITE)) {
      assertTrue(writer.isOpen());

      assertInstanceOf(Exchanged.Done.class, tree().exchange(F, fileIntent(expected, "new")));
    }
  }
}
