package dev.replicator.block;

/**
 * One file as it should be.
 *
 * @param secret whether only its owner may read it
 * @param foreign what becomes of one that somebody else wrote
 */
public record RenderedFile(String path, String text, boolean secret, Foreign foreign) {
  /** The first line of every file of ours: what has not got it is not touched. */
  static final String MARK = "# Written by replicator. What is changed here is lost.\n";

  /** What a file of somebody else means. */
  public enum Foreign {
    /** It may stay: what matters is in the resource's own file. */
    LEFT_ALONE,
    /** Nothing works until somebody has decided. */
    IN_THE_WAY
  }

  public RenderedFile {
    if (!text.startsWith(MARK)) {
      throw new IllegalArgumentException(path + " would not be known as ours");
    }
  }

  /** Without the text, which may hold the secret. */
  @Override
  public String toString() {
    return "RenderedFile[" + path + "]";
  }
}
