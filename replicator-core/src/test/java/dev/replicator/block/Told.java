package dev.replicator.block;

import java.util.List;
import java.util.Optional;

/** Writes down what a run does and waits for. */
record Told(List<String> lines, String before) implements BlockRun.Listener {
  @Override
  public void acts(String step) {
    lines.add(before + step);
  }

  @Override
  public void waits(String what, Optional<Progress> progress) {
    lines.add(before + what + progress.map(done -> ": " + done.percent() + " %").orElse(""));
  }
}
