package dev.replicator.bench.compare;

import java.io.IOException;
import java.util.List;

/** Two trees, and a tool at work on them until it is closed. */
interface Pair extends AutoCloseable {
  /** Does what is not done by itself: a tool that runs once runs now, to its end. */
  void settle() throws IOException;

  /** The second tree's machine goes away. */
  void leave() throws IOException;

  /** It is back. */
  void comeBack() throws IOException;

  /** Ends what runs on the first tree's machine. */
  void halt() throws IOException;

  /** Starts it again. */
  void start() throws IOException;

  /** Compares everything once, to its end, as a command; halted or not. */
  void resync() throws IOException;

  /** What runs now, without what it starts itself. */
  List<Long> processes();

  /** Fails when one of them ended by itself. */
  void requireAlive();

  @Override
  void close();
}
