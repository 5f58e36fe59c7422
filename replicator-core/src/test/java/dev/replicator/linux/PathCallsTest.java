package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No path reaches the kernel but by the one class that opens them safely. */
final class PathCallsTest {
  private static final Pattern BINDING =
      Pattern.compile("CLibrary\\s*\\.\\s*(?:function|variadic)\\s*\\(\\s*(\"(\\w+)\"|\\w+)");

  /** Functions that know no path, nor anything that stands for one. */
  private static final Set<String> WITHOUT_PATH =
      Set.of(
          "close",
          "connect",
          "copy_file_range",
          "epoll_create1",
          "epoll_ctl",
          "epoll_wait",
          "eventfd",
          "eventfd_write",
          "fanotify_init",
          "fcntl",
          "fstatfs",
          "fstatvfs",
          "fsync",
          "ftruncate",
          "getdents64",
          "geteuid",
          "getpid",
          "inotify_init1",
          "inotify_rm_watch",
          "ioctl",
          "lseek",
          "poll",
          "posix_fadvise",
          "pread",
          "pwrite",
          "read",
          "sendto",
          "setsockopt",
          "socket",
          "strerror",
          "syncfs",
          "write");

  /** What takes the kernel's own link to a descriptor, or a handle that the kernel gave. */
  private static final Set<String> ON_WHAT_IS_HELD =
      Set.of("fanotify_mark", "inotify_add_watch", "name_to_handle_at", "open_by_handle_at");

  private static List<String> findings(Map<String, String> sources) {
    TreeSet<String> findings = new TreeSet<>();
    sources.forEach((file, text) -> {
      Matcher binding = BINDING.matcher(text);
      while (binding.find()) {
        String function = binding.group(2);
        if (!mayBind(file, binding.group(1), function == null ? "" : function)) {
          findings.add(file + " binds " + binding.group(1));
        }
      }
    });
    return List.copyOf(findings);
  }

  private static boolean mayBind(String file, String written, String function) {
    return switch (file) {
      case "CLibrary.java", "PathCalls.java" -> true;
      // It takes names of accounts.
      case "Accounts.java" -> Set.of("byId", "byName").contains(written);
      case "HeldCalls.java" -> ON_WHAT_IS_HELD.contains(function);
      default -> WITHOUT_PATH.contains(function);
    };
  }

  private static Path sources() {
    Path module = Path.of("src/main/java");
    Path java = Files.exists(module) ? module : Path.of("replicator-core/src/main/java");
    return java.resolve("dev/replicator/linux");
  }

  @Test
  void onlyOneClassBindsFunctionsThatTakeAPath() throws IOException {
    Map<String, String> texts = new java.util.TreeMap<>();
    try (Stream<Path> files = Files.list(sources())) {
      for (Path file : files.toList()) {
        texts.put(String.valueOf(file.getFileName()), Files.readString(file));
      }
    }
    assertTrue(texts.containsKey("PathCalls.java"));

    assertEquals(List.of(), findings(texts));
  }

  @Test
  void findsAnotherClassThatBindsOne() {
    String source = "CLibrary.function(\"close\", JAVA_INT); CLibrary.variadic(\n  \"openat\", X)";

    assertEquals(List.of("Other.java binds \"openat\""), findings(Map.of("Other.java", source)));
    assertEquals(
        List.of("Other.java binds name"),
        findings(Map.of("Other.java", "CLibrary.function(name, X)")));
    assertEquals(
        List.of("HeldCalls.java binds \"close\"", "HeldCalls.java binds \"openat\""),
        findings(Map.of("HeldCalls.java", source)));
    assertEquals(List.of(), findings(Map.of("PathCalls.java", source)));
  }
}
