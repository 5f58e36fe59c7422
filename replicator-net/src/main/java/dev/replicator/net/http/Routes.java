package dev.replicator.net.http;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Which handler answers what. Complete before a server begins to use it. */
public final class Routes {
  private final Map<String, Map<String, Handler>> byPath = new TreeMap<>();

  /** Adds {@code handler} for exactly {@code path}. */
  public Routes add(String method, String path, Handler handler) {
    Handler before =
        byPath.computeIfAbsent(path, _ -> new TreeMap<>()).putIfAbsent(method, handler);
    if (before != null) {
      throw new IllegalArgumentException(method + " " + path + " has a handler already");
    }
    return this;
  }

  CompletionStage<Response> handle(Request request) throws InterruptedException {
    Map<String, Handler> methods = byPath.get(request.path());
    if (methods == null) {
      return answered(404, "there is nothing at this path");
    }
    Handler handler = methods.get(request.method());
    if (handler == null) {
      String allowed = methods.keySet().stream().collect(Collectors.joining(", "));
      return answered(405, "this path takes " + allowed);
    }
    return handler.handle(request);
  }

  private static CompletionStage<Response> answered(int status, String text) {
    return CompletableFuture.completedStage(Response.text(status, text + "\n"));
  }
}
