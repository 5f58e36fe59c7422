package dev.replicator.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes a small site's {@code wp-content}: the same one each time. */
final class SampleTree {
  private static final long SEED = 42;
  private static final int PHOTO_BYTES_MIN = 20 * 1_024;
  private static final int PHOTO_BYTES_SPAN = 120 * 1_024;
  private static final byte[] JPEG_START = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0};
  private static final byte[] JPEG_END = {(byte) 0xff, (byte) 0xd9};

  private final Path root;
  private final Random random = new Random(SEED);
  private int files;
  private long bytes;

  private SampleTree(Path root) {
    this.root = root;
  }

  /** What was written. */
  record Written(int files, long bytes) {}

  static Written write(Path root) throws IOException {
    SampleTree tree = new SampleTree(root);
    tree.theme("twentytwentysix");
    for (String plugin : new String[] {"contact-forms", "small-shop", "gallery"}) {
      tree.plugin(plugin);
    }
    for (String month : new String[] {"2026/09", "2026/10", "2026/11"}) {
      tree.uploads(month);
    }
    tree.text("languages/de_DE.po", "msgid \"Hello\"\nmsgstr \"Hallo\"\n");
    tree.text("index.php", "<?php // Silence is golden.\n");
    Files.createSymbolicLink(root.resolve("uploads/newest"), Path.of("2026/11"));
    return new Written(tree.files, tree.bytes);
  }

  private void theme(String name) throws IOException {
    String base = "themes/" + name + "/";
    text(base + "style.css", "/*\nTheme Name: " + name + "\n*/\n" + css(120));
    for (String part : new String[] {"functions", "header", "footer", "single", "archive"}) {
      text(base + part + ".php", php(name, part));
    }
    for (int number = 1; number <= 12; number++) {
      text(base + "patterns/pattern-" + number + ".php", php(name, "pattern_" + number));
    }
    text(base + "assets/theme.js", "document.title += ' - " + name + "';\n");
  }

  private void plugin(String name) throws IOException {
    String base = "plugins/" + name + "/";
    text(base + name + ".php", "<?php\n/* Plugin Name: " + name + " */\n" + php(name, "main"));
    text(base + "readme.txt", "=== " + name + " ===\nStable tag: 1.0.0\n");
    for (int number = 1; number <= 18; number++) {
      text(base + "includes/class-" + number + ".php", php(name, "part_" + number));
    }
    text(base + "assets/admin.css", css(60));
  }

  private void uploads(String month) throws IOException {
    for (int number = 1; number <= 5; number++) {
      String name = "uploads/" + month + "/photo-" + number;
      for (String size : new String[] {"", "-150x150", "-300x200", "-1024x683"}) {
        binary(name + size + ".jpg", photo(random));
      }
    }
  }

  private static String php(String name, String part) {
    StringBuilder code = new StringBuilder("<?php\nnamespace Demo;\n\n");
    for (int number = 1; number <= 30; number++) {
      code.append("function ")
          .append((name + "_" + part).replace('-', '_'))
          .append('_')
          .append(number)
          .append("() {\n\treturn ")
          .append(number * 7)
          .append(";\n}\n\n");
    }
    return code.toString();
  }

  private static String css(int rules) {
    StringBuilder css = new StringBuilder();
    for (int number = 1; number <= rules; number++) {
      css.append(".box-").append(number).append(" { margin: ").append(number).append("px; }\n");
    }
    return css.toString();
  }

  /** Bytes that no compression makes smaller, between the marks of a JPEG. */
  static byte[] photo(Random random) {
    byte[] photo = new byte[PHOTO_BYTES_MIN + random.nextInt(PHOTO_BYTES_SPAN)];
    random.nextBytes(photo);
    System.arraycopy(JPEG_START, 0, photo, 0, JPEG_START.length);
    System.arraycopy(JPEG_END, 0, photo, photo.length - JPEG_END.length, JPEG_END.length);
    return photo;
  }

  private void text(String path, String text) throws IOException {
    binary(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private void binary(String path, byte[] octets) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, octets);
    files++;
    bytes += octets.length;
  }
}
