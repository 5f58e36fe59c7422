package dev.replicator.net.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What goes back: one body, or lines as they come. */
public sealed interface Response {
  String JSON = "application/json";
  String TEXT = "text/plain; charset=utf-8";
  String HTML = "text/html; charset=utf-8";
  String LINES = "application/x-ndjson";

  int status();

  String contentType();

  /** A body that is known as a whole. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Whole(int status, String contentType, byte[] body) implements Response {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Lines, until {@code producer} returns. */
  record Lines(int status, String contentType, Producer producer) implements Response {}

  /** Writes lines; runs on the executor of the handlers and may block there. */
  @FunctionalInterface
  interface Producer {
    void produce(LineSink sink) throws IOException, InterruptedException;
  }

  /** Where lines go. */
  interface LineSink {
    /** Sends one line, without its end; returns once the client's side has room for the next. */
    void line(String text) throws IOException, InterruptedException;

    /** Whether the client is still there. */
    boolean isOpen();
  }

  static Response text(int status, String body) {
    return new Whole(status, TEXT, body.getBytes(StandardCharsets.UTF_8));
  }

  static Response json(int status, String body) {
    return new Whole(status, JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  static Response lines(Producer producer) {
    return new Lines(200, LINES, producer);
  }
}
