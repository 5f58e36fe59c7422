package dev.replicator.cli.control;

import dev.replicator.net.http.Request;
import dev.replicator.net.http.Response;
import dev.replicator.net.http.Routes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What anybody may ask who can reach the address: health, metrics and a page; nothing is changed.
 */
public final class HealthRoutes {
  private final NodeView node;

  private HealthRoutes(NodeView node) {
    this.node = node;
  }

  /** What is served on TCP, and on the Unix socket beside the commands. */
  public static Routes of(NodeView node) {
    HealthRoutes health = new HealthRoutes(node);
    return new Routes()
        .add("GET", "/", Handling.of(health::page))
        .add("GET", "/live", Handling.of(request -> Response.text(200, "live\n")))
        .add("GET", "/ready", Handling.of(health::ready))
        .add("GET", "/metrics", Handling.of(health::metrics));
  }

  private Response page(Request request) {
    return whole(Response.HTML, StatusPage.write(StatusReader.read(node)));
  }

  private Response metrics(Request request) {
    return whole(MetricsPage.TYPE, MetricsPage.write(node));
  }

  private Response ready(Request request) {
    List<String> reasons = Health.notReady(node);
    return reasons.isEmpty()
        ? Response.text(200, "ready\n")
        : Response.text(503, "not ready: " + String.join("; ", reasons) + "\n");
  }

  private static Response whole(String type, String body) {
    return new Response.Whole(200, type, body.getBytes(StandardCharsets.UTF_8));
  }
}
