package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.model.Intent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Contents that are about to leave their paths: in a moment the vault has them. Who needs one for
 * another path, as after a move, waits that moment and need not ask a peer. Thread-safe.
 */
final class Leaving {
  private final Map<Digest, Departure> departures = new HashMap<>();

  /** One content, and how many exchanges displace it. */
  private record Departure(int exchanges, CompletableFuture<Void> over) {}

  private static Optional<Digest> content(Intent intent) {
    return intent.expected().flatMap(was -> was.entry().content());
  }

  /** An exchange is ordered. */
  synchronized void begin(Intent intent) {
    content(intent)
        .ifPresent(digest -> {
          Departure before =
              departures.getOrDefault(digest, new Departure(0, new CompletableFuture<>()));
          departures.put(digest, new Departure(before.exchanges + 1, before.over));
        });
  }

  /** It ended, and what it displaced is in the vault, or will not be soon. */
  synchronized void end(Intent intent) {
    content(intent)
        .ifPresent(digest -> {
          Departure departure = departures.remove(digest);
          if (departure != null && departure.exchanges > 1) {
            departures.put(digest, new Departure(departure.exchanges - 1, departure.over));
          } else if (departure != null) {
            departure.over.complete(null);
          }
        });
  }

  /** Done once no exchange that displaces {@code content} is under way; empty when none is. */
  synchronized Optional<CompletableFuture<Void>> over(Digest content) {
    return Optional.ofNullable(departures.get(content)).map(Departure::over);
  }
}
