package dev.replicator.content;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestsTest {
  @Test
  void digestOfBytesIsTheirSha256() {
    byte[] bytes = "xabcx".getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Digests.of(bytes, 1, 3).toHex());
  }

  @ParameterizedTest(name = "{0} chunks")
  @ValueSource(ints = {0, 1, 2, 255, 256, 257, 1_000})
  void digestOfAListIsTheSha256OfKindsLengthsAndDigests(int count) throws IOException {
    Digest digest = Digests.of(new byte[0]);
    List<Chunk> chunks = new ArrayList<>();
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(encoded);
    for (int index = 0; index < count; index++) {
      boolean hole = index % 3 == 1;
      chunks.add(hole ? new Chunk.Hole(index + 1) : new Chunk.Data(digest, index + 1));
      out.writeByte(hole ? 2 : 1);
      out.writeLong(index + 1);
      out.write(hole ? new byte[0] : digest.octets().toArray());
    }

    assertEquals(Digests.of(encoded.toByteArray()), Digests.of(new ChunkList(chunks)));
  }
}
