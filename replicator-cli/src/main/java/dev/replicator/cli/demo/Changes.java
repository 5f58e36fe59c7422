package dev.replicator.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes the changes that a site makes all day, on one side and then on the other. */
final class Changes {
  private final DemoNode one;
  private final DemoNode two;
  private final Random random = new Random(1);

  Changes(DemoNode one, DemoNode two) {
    this.one = one;
    this.two = two;
  }

  /** One change each second, until {@code seconds} are over or {@code stop} is counted down. */
  void make(int seconds, CountDownLatch stop) throws IOException, InterruptedException {
    for (int number = 0; number < seconds; number++) {
      change((number % 2 == 0 ? one : two).tree(), number);
      if (stop.await(1, TimeUnit.SECONDS)) {
        return;
      }
    }
  }

  private void change(Path tree, int number) throws IOException {
    Path uploads = tree.resolve("uploads/2026/11");
    switch (number % 6) {
      case 0, 3 -> Files.write(uploads.resolve("new-" + number + ".jpg"), SampleTree.photo(random));
      case 1, 4 ->
          Files.writeString(
              tree.resolve("plugins/gallery/includes/class-" + (1 + number % 18) + ".php"),
              "// edited in step " + number + "\n",
              StandardOpenOption.APPEND);
      case 2 -> Files.writeString(tree.resolve("themes/twentytwentysix/style.css"), css(number));
      default -> Files.deleteIfExists(uploads.resolve("new-" + (number - 5) + ".jpg"));
    }
  }

  private static String css(int number) {
    return "/* Theme Name: twentytwentysix */\nbody { margin: " + number + "px; }\n";
  }
}
