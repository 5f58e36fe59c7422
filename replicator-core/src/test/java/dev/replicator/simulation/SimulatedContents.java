package dev.replicator.simulation;

import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.NodeId;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Brings contents to a node, from its own disk or a peer: into staging, or into the vault. */
final class SimulatedContents {
  private final SimulatedNode node;
  private long stagedNames;

  SimulatedContents(SimulatedNode node) {
    this.node = node;
  }

  void stage(Effect.Stage it) {
    stagedNames++;
    String name = node.life() + "-" + stagedNames;
    Optional<String> content = Optional.of("");
    if (it.target().entry() instanceof Entry.File file) {
      content = find(it.path(), file, it.sources());
    } else if (it.target().entry() instanceof Entry.Symlink link) {
      content = Optional.of(new String(link.target().toArray(), StandardCharsets.UTF_8));
    }
    Optional<Problem> fault = node.faults().on(Faults.Step.STAGE);
    if (content.isEmpty() || !node.isRootItself() || fault.isPresent()) {
      Problem problem = fault.orElse(Problem.of(Problem.Kind.CONTENT_MISSING));
      node.tell(new Event.StageFailed(it.path(), problem));
      return;
    }
    var stamp = node.disk.stage(name, it.target(), content.get(), node.nowNanos());
    node.tell(new Event.Staged(it.path(), it.target(), name, stamp));
  }

  private Optional<String> find(RelativePath path, Entry.File file, List<NodeId> sources) {
    Optional<String> here = node.disk.content(path, file);
    for (NodeId source : sources) {
      here = here.or(() -> node.cluster().fetch(node, source, path, file));
    }
    return here;
  }

  void keep(Effect.Keep it) {
    Optional<Problem> fault = node.faults().on(Faults.Step.KEEP);
    Optional<String> content =
        fault.isPresent() ? Optional.empty() : find(it.path(), it.file(), it.sources());
    content.ifPresent(node.disk::keep);
    Digest digest = it.file().digest();
    Problem problem = fault.orElse(Problem.of(Problem.Kind.CONTENT_MISSING));
    node.tell(
        content.isPresent()
            ? new Event.Kept(it.path(), digest)
            : new Event.KeepFailed(it.path(), digest, problem));
  }

  void recall(Effect.Recall it) {
    Optional<String> content = find(it.path(), it.file(), it.sources());
    content.ifPresent(node.disk::keep);
    Problem problem = Problem.of(Problem.Kind.CONTENT_MISSING);
    node.post(
        new Event.Recalled(
            it.request(), content.isPresent() ? Optional.empty() : Optional.of(problem)));
  }
}
