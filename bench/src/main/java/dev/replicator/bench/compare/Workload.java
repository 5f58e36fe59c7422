package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Something that happens to a tree, and what is measured of it. */
interface Workload {
  String name();

  /** What is done and measured, in a sentence. */
  String meaning(Size size);

  Link.Kind link();

  Set<Trait> needs();

  /** Writes what both trees hold before a tool is started. */
  void prepare(Path tree, Size size) throws IOException;

  List<Measure> run(Trial trial) throws IOException;
}
