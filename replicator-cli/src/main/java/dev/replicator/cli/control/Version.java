package dev.replicator.cli.control;

import org.jspecify.annotations.Nullable;

/** Which build this is. */
public final class Version {
  private Version() {}

  /** From the manifest of the jar; "development" when run from classes. */
  public static String text() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
