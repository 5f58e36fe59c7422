package dev.replicator.bench.compare;

import dev.replicator.bench.Trees;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** A program that keeps or makes two trees alike. */
interface Tool {
  String name();

  /** What its own version command says; empty when it is not installed. */
  Optional<String> version() throws IOException;

  /** The Debian package that it comes in. */
  String debianPackage();

  /** How it was tuned, in a sentence. */
  String settings();

  Set<Trait> traits();

  /** What it says that it keeps: no more is compared. */
  Trees.Promise promise();

  /** Starts it over the two trees of {@code site}. */
  Pair open(Site site) throws IOException;
}
