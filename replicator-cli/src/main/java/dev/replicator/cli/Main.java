package dev.replicator.cli;

import dev.replicator.cli.command.Replicator;

/** Where the launcher begins. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Replicator.run(args));
  }
}
