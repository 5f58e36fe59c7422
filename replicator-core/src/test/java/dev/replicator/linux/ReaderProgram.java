package dev.replicator.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Opens the names of a directory over and over, as a web server does, and ends with {@link #CAUGHT}
 * when one is missing, torn or of another mode than goes with its content.
 */
final class ReaderProgram {
  static final String FILE = "file";
  static final String LINK = "link";
  static final String TOUCHED = "touched";
  static final String SHORT_TEXT = "short";
  static final String LONG_TEXT = "a/text/that/takes/a/block/of/its/own/".repeat(8);
  static final int CAUGHT = 3;
  private static final int EACH = 16;
  private static final int BUFFER_BYTES = 64 * 1_024;
  private static final int MODE_OF_A = 0640;
  private static final int MODE_OF_B = 0604;
  private static final int PERMISSIONS = 0777;

  private final Path root;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  private ReaderProgram(Path root) {
    this.root = root;
  }

  public static void main(String[] arguments) throws IOException {
    MappedByteBuffer shared = SharedCounter.map(Path.of(arguments[0]));
    SharedCounter.endWithInput();
    ReaderProgram program = new ReaderProgram(Path.of(arguments[1]));
    String seen = "";
    for (long opens = 0; seen.isEmpty() && !SharedCounter.isEnded(shared); opens += 3 * EACH) {
      SharedCounter.count(shared, opens);
      for (int i = 0; i < EACH && seen.isEmpty(); i++) {
        seen = program.look();
      }
    }
    if (!seen.isEmpty()) {
      System.out.println(seen);
      Runtime.getRuntime().halt(CAUGHT);
    }
    Runtime.getRuntime().halt(0);
  }

  /** What is wrong, "" when nothing is. */
  private String look() {
    try {
      String file = file(FILE, true);
      String touched = file.isEmpty() ? file(TOUCHED, false) : file;
      return touched.isEmpty() ? link() : touched;
    } catch (IOException failure) {
      return failure.toString();
    }
  }

  private String file(String name, boolean replaced) throws IOException {
    try (Descriptor opened = PathCalls.openNamed(octets(name), PathCalls.READ);
        DescriptorChannel channel = new DescriptorChannel(opened)) {
      FileStatus status = PathCalls.status(opened.number());
      buffer.clear();
      while (channel.read(buffer) > 0) {
        // All of it.
      }
      buffer.flip();
      int mode = status.stamp().mode() & PERMISSIONS;
      byte first = buffer.hasRemaining() ? buffer.get(0) : 0;
      int asked = first == 'a' ? MODE_OF_A : MODE_OF_B;
      boolean right = replaced ? mode == asked : mode == MODE_OF_A || mode == MODE_OF_B;
      boolean whole = buffer.remaining() == status.stamp().size() && buffer.hasRemaining();
      for (int i = 0; whole && i < buffer.remaining(); i++) {
        whole = buffer.get(i) == first;
      }
      return right && whole
          ? ""
          : name
              + ": "
              + buffer.remaining()
              + " bytes, mode "
              + Integer.toOctalString(mode)
              + (whole ? "" : ", torn");
    }
  }

  private String link() throws IOException {
    try (Descriptor opened =
        PathCalls.openNamed(octets(LINK), PathCalls.LOCATE | PathCalls.NO_FOLLOW)) {
      String text =
          new String(PathCalls.linkText(opened.number()).toArray(), StandardCharsets.US_ASCII);
      return text.equals(SHORT_TEXT) || text.equals(LONG_TEXT) ? "" : LINK + ": " + text;
    }
  }

  private byte[] octets(String name) {
    return AdminPath.octets(root.resolve(name));
  }
}
