package dev.replicator.net.http;

import java.util.concurrent.CompletionStage;

/** Answers requests, on the executor that the server was given; may block there. */
@FunctionalInterface
public interface Handler {
  CompletionStage<Response> handle(Request request) throws InterruptedException;
}
