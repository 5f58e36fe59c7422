package dev.replicator.block;

/** What both nodes prove to know when DRBD connects. Never printed. */
public record Secret(String text) {
  public Secret {
    Syntax.secret(text);
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
