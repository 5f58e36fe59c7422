package dev.replicator.cli.control;

import dev.replicator.model.Count;
import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import dev.replicator.net.http.Request;
import dev.replicator.net.http.Response;
import dev.replicator.net.identity.KeyText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what happened, a page at a time. Who asks says up to where he has read, and may wait for
 * more; between two questions the daemon knows nothing of him.
 */
final class EventRoutes {
  /** Shorter than any client waits for an answer. */
  private static final long WAIT_MILLIS_MAX = 25_000;

  private final NodeView node;

  EventRoutes(NodeView node) {
    this.node = node;
  }

  Response events(Request request) throws InterruptedException {
    String root = request.text("root").isPresent() ? Requested.root(node, request).name() : "";
    long last = number(request, "last", Limits.EVENTS_KEPT_MAX).orElse(0L);
    long wait = number(request, "wait", WAIT_MILLIS_MAX).orElse(0L);
    Optional<Long> after = number(request, "after", Long.MAX_VALUE);
    boolean same =
        request.text("started").map(Long.toString(node.startedMillis())::equals).orElse(true);
    long from = !same ? 0 : after.orElseGet(() -> node.events().before((int) last, root));
    EventRing.Page page = node.events().await(from, root, same ? wait : 0);
    return Response.json(200, ControlJson.write(EventsJson.class, answer(page, same)));
  }

  private static Optional<Long> number(Request request, String key, long max) {
    Optional<Long> number = request.text(key).map(Long::parseLong);
    if (number.isPresent() && (number.get() < 0 || number.get() > max)) {
      throw new IllegalArgumentException(key + " must be 0 to " + max);
    }
    return number;
  }

  private EventsJson answer(EventRing.Page page, boolean same) {
    Map<NodeId, String> names = new HashMap<>();
    node.peers().forEach(peer -> names.put(peer.id(), peer.name()));
    List<EventJson> events = new ArrayList<>();
    long now = System.currentTimeMillis();
    long first = page.next() - page.entries().size();
    if (!same) {
      String text = "the daemon was started again: what happened before is not known to it";
      events.add(EventJson.notice(0, node.startedMillis(), "restarted", text));
    }
    if (page.dropped() > 0) {
      String text =
          Count.of(page.dropped(), "event was", "events were")
              + " dropped: the daemon remembers those after them";
      events.add(EventJson.notice(first, now, "dropped", text));
    }
    page.entries().stream()
        .map(entry ->
            EventJson.of(
                entry, id -> Optional.ofNullable(names.get(id)).orElseGet(() -> KeyText.print(id))))
        .forEach(events::add);
    return new EventsJson(node.startedMillis(), page.next(), page.more(), events);
  }
}
