package dev.replicator.model;

/** An owner or group: its name on the writer's machine, empty when it had none, and its number. */
public record Principal(String name, int id) {
  public Principal {
    if (name.length() > Limits.PRINCIPAL_CHARACTERS_MAX) {
      throw new IllegalArgumentException("owner name of " + name.length() + " characters");
    }
  }
}
