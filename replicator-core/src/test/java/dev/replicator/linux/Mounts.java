package dev.replicator.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Mounts small file systems for a test. */
final class Mounts {
  static final List<String> TYPES = List.of("ext4", "xfs", "btrfs", "tmpfs", "overlay");

  private static final long IMAGE_BYTES = 320L * 1024 * 1024;

  private Mounts() {}

  static boolean areAllowed(Path scratch) throws IOException, InterruptedException {
    Path tried = Files.createDirectories(scratch.resolve("tried"));
    return mount("tmpfs", tried, tried) && unmount(tried);
  }

  /** False when there is no such file system here, or no program to make one. */
  static boolean mount(String type, Path image, Path at) throws IOException, InterruptedException {
    return switch (type) {
      case "tmpfs", "ramfs" -> run("mount", "-t", type, "none", at.toString());
      case "overlay" -> overlay(image, at);
      default -> make(type, image) && mountImage(image, at);
    };
  }

  static boolean mountImage(Path image, Path at) throws IOException, InterruptedException {
    return run("mount", "-o", "loop", image.toString(), at.toString());
  }

  static boolean remount(Path at, String option) throws IOException, InterruptedException {
    return run("mount", "-o", "remount," + option, at.toString());
  }

  private static boolean make(String type, Path image) throws IOException, InterruptedException {
    return run("truncate", "-s", String.valueOf(IMAGE_BYTES), image.toString())
        && run("mkfs." + type, "-q", image.toString());
  }

  private static boolean overlay(Path layers, Path at) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>();
    for (String layer : List.of("lowerdir", "upperdir", "workdir")) {
      Path directory = layers.resolve(layer);
      Files.createDirectories(directory);
      options.add(layer + "=" + directory);
    }
    return run("mount", "-t", "overlay", "none", "-o", String.join(",", options), at.toString());
  }

  static boolean unmount(Path at) throws IOException, InterruptedException {
    return run("umount", at.toString());
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException noSuchProgram) {
      return false;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IOException(String.join(" ", command) + " does not end: " + output);
    }
    return process.exitValue() == 0;
  }
}
