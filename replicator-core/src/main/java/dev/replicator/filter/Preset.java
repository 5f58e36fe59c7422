package dev.replicator.filter;

import dev.replicator.model.InvariantViolation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** A set of rules that comes with the program, as a readable resource beside this class. */
public enum Preset {
  /** For the {@code wp-content} directory of a WordPress site. */
  WORDPRESS;

  /** The preset that the configuration calls {@code name}. */
  public static Optional<Preset> named(String name) {
    for (Preset preset : values()) {
      if (preset.label().equals(name)) {
        return Optional.of(preset);
      }
    }
    return Optional.empty();
  }

  /** What the configuration calls it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public RuleSource source() {
    try (InputStream resource = Preset.class.getResourceAsStream(label() + ".rules")) {
      if (resource == null) {
        throw new InvariantViolation("the rules of preset " + label() + " are in the program");
      }
      return new RuleSource.Text(
          label(), new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new InvariantViolation("the rules of preset " + label() + " can be read: " + broken);
    }
  }
}
