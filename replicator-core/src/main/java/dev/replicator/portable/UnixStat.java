package dev.replicator.portable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The answer of one stat call, by the attribute names of Java's "unix" view. */
record UnixStat(Map<String, Object> values) {
  static UnixStat of(Path path, String attributes, LinkOption... options) throws IOException {
    return new UnixStat(Files.readAttributes(path, "unix:" + attributes, options));
  }

  private Object value(String attribute) {
    return Objects.requireNonNull(values.get(attribute), attribute);
  }

  int integer(String attribute) {
    return (Integer) value(attribute);
  }

  long number(String attribute) {
    return (Long) value(attribute);
  }

  long nanos(String attribute) {
    return ((FileTime) value(attribute)).to(TimeUnit.NANOSECONDS);
  }

  String principal(String attribute) {
    return ((UserPrincipal) value(attribute)).getName();
  }
}
