package dev.replicator.linux;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a program does that checks a path and then uses it: each operation once, naively. */
final class NaiveProgram {
  private final AttackGround ground;
  private final Path scratch;

  NaiveProgram(AttackGround ground, Path scratch) {
    this.ground = ground;
    this.scratch = scratch;
  }

  /** Tells whether it took what is outside for ours; whether it changed it is seen there. */
  interface Operation {
    boolean run(Path directory) throws IOException;
  }

  Map<String, Operation> operations() {
    Map<String, Operation> all = new LinkedHashMap<>();
    all.put("look", it -> ground.isOutside(inode(it.resolve("f"))));
    all.put("list", it -> names(it).contains(AttackGround.ONLY_OUTSIDE));
    all.put("read", it -> Files.readString(it.resolve("f")).equals(AttackGround.SECRET));
    all.put("stage", it -> copied(it.resolve("f"), "staged"));
    all.put("new", it -> changed(Files.writeString(it.resolve("naive"), "naive")));
    all.put("replace", it -> changed(Files.move(temporary(), it.resolve("f"), replacing())));
    all.put("type swap", it -> changed(Files.createSymbolicLink(free(it), scratch)));
    all.put("remove", it -> Files.deleteIfExists(it.resolve("e/" + AttackGround.ONLY_OUTSIDE)));
    all.put("mkdir", it -> changed(Files.createDirectory(it.resolve("naive"))));
    all.put("rmdir", it -> Files.deleteIfExists(it.resolve("empty")));
    all.put(
        "attributes",
        it ->
            changed(
                Files.setPosixFilePermissions(
                    it.resolve("f"), PosixFilePermissions.fromString("rwxrwxrwx"))));
    all.put("times", it -> changed(Files.setLastModifiedTime(it, FileTime.fromMillis(1))));
    all.put("symlink", it -> changed(Files.createSymbolicLink(it.resolve("naive"), scratch)));
    all.put("hard link", it -> changed(Files.createLink(it.resolve("linked"), it.resolve("f"))));
    all.put("move", it -> changed(Files.move(directory(), it.resolve("moved"))));
    all.put("settle", it -> changed(Files.move(it.resolve("f"), it.resolve("undone"))));
    all.put("release", it -> copied(it.resolve("l"), "vault"));
    all.put("scan", it -> isFoundBelow(it));
    all.put("watch", this::watches);
    return all;
  }

  /** Checks as careful programs do: by looking first. Then others may have their turn. */
  static boolean attempt(Operation operation, Path directory) throws IOException {
    try {
      boolean real = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
      Thread.yield();
      return real && operation.run(directory);
    } catch (IOException | java.io.UncheckedIOException swapped) {
      return false;
    }
  }

  private static boolean changed(Path path) {
    // Whether it was outside is seen there.
    return path.toString().isEmpty();
  }

  private static long inode(Path path) throws IOException {
    return (Long) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.map(child -> String.valueOf(child.getFileName())).toList();
    }
  }

  private boolean copied(Path from, String name) throws IOException {
    Path to = scratch.resolve(name);
    if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
      return Files.readString(to).equals(AttackGround.SECRET);
    }
    return false;
  }

  private Path temporary() throws IOException {
    return Files.writeString(scratch.resolve("temporary"), "naive");
  }

  private Path directory() throws IOException {
    Files.createDirectories(scratch.resolve("directory/below"));
    return scratch.resolve("directory");
  }

  private static StandardCopyOption[] replacing() {
    return new StandardCopyOption[] {
      StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE
    };
  }

  private static Path free(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve("t"));
    return directory.resolve("t");
  }

  private static boolean isFoundBelow(Path directory) throws IOException {
    for (String name : names(directory)) {
      Path child = directory.resolve(name);
      boolean below = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS) && isFoundBelow(child);
      if (below || name.equals(AttackGround.ONLY_OUTSIDE)) {
        return true;
      }
    }
    return false;
  }

  private boolean watches(Path directory) throws IOException {
    try (WatchService service = directory.getFileSystem().newWatchService()) {
      WatchKey key = directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      Path ping = ground.outside().resolve("ping");
      try {
        Files.createFile(ping);
      } catch (FileAlreadyExistsException before) {
        return false;
      }
      WatchKey told = service.poll(20, java.util.concurrent.TimeUnit.MILLISECONDS);
      Files.delete(ping);
      return told != null
          && key.pollEvents().stream().anyMatch(event -> "ping".equals(event.context() + ""));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
