package dev.replicator.linux;

import dev.replicator.model.Bytes;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Somebody who owns a tree: exchanges directories and leaves of it for symbolic links that lead
 * outside, one step each, as fast as he can.
 */
final class SymlinkAttacker {
  private static final int COUNT_EACH = 64;

  private final Descriptor root;
  private final Descriptor directory;
  private final String outside;
  private Optional<Descriptor> group = Optional.empty();
  private long flips;

  private SymlinkAttacker(Path root, String outside) throws IOException {
    this.root = PathCalls.openNamed(AdminPath.octets(root), PathCalls.DIRECTORY);
    this.directory = PathCalls.openNamed(AdminPath.octets(root.resolve("d")), PathCalls.DIRECTORY);
    this.outside = outside;
  }

  public static void main(String[] arguments) throws IOException {
    SharedCounter.endWithInput();
    MappedByteBuffer shared = SharedCounter.map(Path.of(arguments[0]));
    new SymlinkAttacker(Path.of(arguments[1]), arguments[2]).run(shared);
  }

  private void run(MappedByteBuffer shared) throws IOException {
    while (!SharedCounter.isEnded(shared)) {
      for (int i = 0; i < COUNT_EACH; i++) {
        flip(root, "d", "other", outside);
        flip(directory, "e", "ex", "../../outside/e");
        flip(directory, "l", "lx", outside + "/l");
        flipInGroup();
      }
      SharedCounter.count(shared, flips);
    }
  }

  /** Where one of the two was removed, it comes back. */
  private void flip(Descriptor where, String real, String link, String target) throws IOException {
    byte[] one = name(real);
    byte[] other = name(link);
    try {
      PathCalls.rename(where.number(), one, where.number(), other, PathCalls.EXCHANGE);
      flips++;
    } catch (Errno missing) {
      make(() ->
          PathCalls.openBeneath(where.number(), one, PathCalls.READ_WRITE | PathCalls.CREATE)
              .close());
      make(() -> PathCalls.makeLink(Bytes.copyOf(name(target)), where.number(), other));
    }
  }

  /**
   * In the directory that comes and goes as a whole: for as long as it is anywhere, were it in
   * staging, he is in it.
   */
  private void flipInGroup() {
    try {
      Descriptor held =
          group.isPresent()
              ? group.get()
              : PathCalls.openBeneath(
                  directory.number(), name("a"), PathCalls.READ | PathCalls.DIRECTORY);
      group = Optional.of(held);
      PathCalls.rename(held.number(), name("s"), held.number(), name("sx"), PathCalls.EXCHANGE);
      flips++;
    } catch (Errno gone) {
      group.ifPresent(Descriptor::close);
      group = Optional.empty();
    }
  }

  /** May find that it is there. */
  private interface Making {
    void run() throws Errno;
  }

  private static void make(Making making) throws Errno {
    try {
      making.run();
    } catch (Errno there) {
      if (there.number() != Errno.EEXIST) {
        throw there;
      }
    }
  }

  private static byte[] name(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
