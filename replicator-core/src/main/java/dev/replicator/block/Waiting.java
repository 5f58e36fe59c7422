package dev.replicator.block;

import java.time.Duration;

/** What only time or the peer brings, and for how long it is waited for. */
public enum Waiting {
  /** DRBD's states in between; 10 to 21 s are normal. */
  SETTLING("the state to settle", 60),
  PEER("the peer to connect", 120),
  FENCING("fencing to decide", 600),
  FIRST_SYNC("the first node to begin the first sync", 120),
  /** As long as it moves. */
  SYNC("the sync", 300),
  VERIFY("the verify", 300),
  VICTIM("the victim to give up its changes: run `replicator block resolve` there", 300),
  FILE_SYSTEM("the first node to make the file system", 600),
  PEER_SECONDARY("the peer to become secondary: run `replicator block down` there", 300);

  private final String text;
  private final Duration patience;

  Waiting(String text, long seconds) {
    this.text = text;
    this.patience = Duration.ofSeconds(seconds);
  }

  public String text() {
    return text;
  }

  /** Without any change of what is observed. */
  public Duration patience() {
    return patience;
  }
}
