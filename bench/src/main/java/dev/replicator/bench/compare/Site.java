package dev.replicator.bench.compare;

import java.nio.file.Path;

/** Where one run takes place: a directory of its own, and the link between its two sides. */
record Site(Path home, Link link) {
  Path a() {
    return home.resolve("a/root");
  }

  Path b() {
    return home.resolve("b/root");
  }

  /** Where a tool keeps what is its own. */
  Path state(String name) {
    return home.resolve(name);
  }
}
