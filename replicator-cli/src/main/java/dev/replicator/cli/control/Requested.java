package dev.replicator.cli.control;

import dev.replicator.model.RelativePath;
import dev.replicator.net.http.Request;
import dev.replicator.runtime.ReplicatedRoot;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads what a request asks for; throws IllegalArgumentException in words for people. */
final class Requested {
  private Requested() {}

  /** The named root, or all when none is named. */
  static Collection<ReplicatedRoot> roots(NodeView node, Request request) {
    return request.text("root").isEmpty() ? node.roots().values() : List.of(root(node, request));
  }

  static ReplicatedRoot root(NodeView node, Request request) {
    String name = text(request, "root");
    ReplicatedRoot root = node.roots().get(name);
    if (root == null) {
      throw new IllegalArgumentException(
          "no root \"" + name + "\" here; there is " + String.join(", ", node.roots().keySet()));
    }
    return root;
  }

  static RelativePath path(Request request) {
    return request.octets("path").map(RelativePath::of).orElse(RelativePath.ROOT);
  }

  static String text(Request request, String key) {
    Optional<String> text = request.text(key);
    return text.orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
  }

  static boolean flag(Request request, String key) {
    return request.text(key).filter("true"::equals).isPresent();
  }

  static <T> T answer(CompletableFuture<T> future, long secondsMax)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(secondsMax, TimeUnit.SECONDS);
  }
}
