package dev.replicator.block;

import java.io.IOException;

/** Remembers, on this machine and across its boots, what a disk that looks blank cannot tell. */
public interface Memory {
  Past past() throws IOException;

  /** Written through when it returns. */
  void remember(Past past) throws IOException;
}
