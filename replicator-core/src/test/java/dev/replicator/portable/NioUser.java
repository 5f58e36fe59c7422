package dev.replicator.portable;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Somebody who works in a directory through {@code java.nio.file}. */
public final class NioUser implements TreeUser {
  private final Path root;
  private final Names names;

  public NioUser(Path root) {
    this.root = root;
    this.names = Names.below(root);
  }

  /** An action on the disk. */
  private interface Action {
    void run() throws IOException, TreeException;
  }

  private static void act(Action action) {
    try {
      action.run();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (TreeException failure) {
      throw new IllegalArgumentException(failure);
    }
  }

  private Path at(RelativePath path) {
    try {
      return names.path(path);
    } catch (TreeException failure) {
      throw new IllegalArgumentException(failure);
    }
  }

  private static byte[] octets(String content) {
    return content.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void write(RelativePath path, String content) {
    act(() -> Files.write(at(path), octets(content)));
  }

  @Override
  public void replace(RelativePath path, String content) {
    act(() -> {
      Path written = root.resolveSibling("written-by-user");
      Files.write(written, octets(content));
      Files.move(written, at(path), StandardCopyOption.ATOMIC_MOVE);
    });
  }

  @Override
  public String read(RelativePath path) {
    try {
      return new String(Files.readAllBytes(at(path)), StandardCharsets.ISO_8859_1);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public boolean exists(RelativePath path) {
    return Files.exists(at(path), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void makeDirectory(RelativePath path) {
    act(() -> Files.createDirectory(at(path)));
  }

  @Override
  public void link(RelativePath path, Bytes target) {
    act(() -> Files.createSymbolicLink(at(path), names.linkText(target)));
  }

  @Override
  public void hardLink(RelativePath existing, RelativePath path) {
    act(() -> Files.createLink(at(path), at(existing)));
  }

  @Override
  public boolean makeFifo(RelativePath path) {
    try {
      Process process = new ProcessBuilder(List.of("mkfifo", at(path).toString())).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 && exists(path);
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void remove(RelativePath path) {
    act(() -> Files.delete(at(path)));
  }

  @Override
  public void move(RelativePath from, RelativePath to) {
    act(() -> Files.move(at(from), at(to), StandardCopyOption.ATOMIC_MOVE));
  }

  @Override
  public void changeMode(RelativePath path, int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((mode & (0400 >> permission.ordinal())) != 0) {
        permissions.add(permission);
      }
    }
    act(() -> Files.setPosixFilePermissions(at(path), permissions));
  }

  @Override
  public void touch(RelativePath path, Instant mtime) {
    act(() -> Files.setLastModifiedTime(at(path), FileTime.from(mtime)));
  }

  @Override
  public void replaceRoot() {
    takeRootAway();
    act(() -> Files.createDirectory(root));
  }

  @Override
  public void takeRootAway() {
    act(() -> Files.move(root, root.resolveSibling("root-taken-away")));
  }
}
