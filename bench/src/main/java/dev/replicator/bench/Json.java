package dev.replicator.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parsed JSON without types: each look says what it expects and is empty when that is not there.
 */
public record Json(Optional<?> value) {
  public static Json of(Object value) {
    return new Json(Optional.of(value));
  }

  public Json at(String key) {
    return new Json(value.filter(Map.class::isInstance).map(map -> ((Map<?, ?>) map).get(key)));
  }

  public List<Json> items() {
    return value
        .filter(List.class::isInstance)
        .map(list -> ((List<?>) list).stream().map(item -> new Json(Optional.of(item))).toList())
        .orElse(List.of());
  }

  List<String> keys() {
    return value
        .filter(Map.class::isInstance)
        .map(map -> ((Map<?, ?>) map).keySet().stream().map(Object::toString).toList())
        .orElse(List.of());
  }

  public String text() {
    return value.map(Object::toString).orElse("");
  }

  public boolean isTrue() {
    return value.filter(Boolean.TRUE::equals).isPresent();
  }

  long number() {
    return value
        .filter(Number.class::isInstance)
        .map(number -> ((Number) number).longValue())
        .orElse(0L);
  }
}
