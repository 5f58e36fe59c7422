package dev.replicator.linux;

import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Watches a directory from within a user namespace, whose limit of watches is its own. Prints each
 * hint as a line; takes a new limit from each line it reads; ends with its input.
 */
final class WatchLimitProgram {
  private static final Path LIMIT = Path.of("/proc/sys/user/max_inotify_watches");

  private WatchLimitProgram() {}

  public static void main(String[] arguments) throws IOException {
    Files.writeString(LIMIT, arguments[1]);
    WatchTiming timing =
        new WatchTiming(Duration.ofSeconds(20), Duration.ofMillis(50), Duration.ofMillis(100));
    Path root = Path.of(arguments[0]);
    try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var watcher = new InotifyWatcher(root, MachineClock.open(), timing, Integer.MAX_VALUE)) {
      watcher.start(new Printer());
      watcher.notes().forEach(note -> System.out.println("note " + note));
      System.out.println("started");
      for (String limit = input.readLine(); limit != null; limit = input.readLine()) {
        Files.writeString(LIMIT, limit);
      }
    }
  }

  private static final class Printer implements Watcher.Listener {
    @Override
    public void changed(RelativePath path) {
      System.out.println("changed " + path);
    }

    @Override
    public void appeared(RelativePath directory) {
      System.out.println("appeared " + directory);
    }

    @Override
    public void suspect(RelativePath scope, String reason) {
      System.out.println("suspect /" + scope + " " + reason);
    }

    @Override
    public void failed(String reason) {
      System.out.println("failed " + reason);
    }
  }
}
