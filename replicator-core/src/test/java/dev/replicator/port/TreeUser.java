package dev.replicator.port;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import java.time.Instant;

/** Somebody who works in the directory of a tree and knows nothing of it. Content is ISO 8859-1. */
public interface TreeUser {
  /** Writes into the file that is there, or into a new one. */
  void write(RelativePath path, String content);

  /** Puts a new file in the place of what is there. */
  void replace(RelativePath path, String content);

  String read(RelativePath path);

  boolean exists(RelativePath path);

  void makeDirectory(RelativePath path);

  void link(RelativePath path, Bytes target);

  /** Gives a file a second name. */
  void hardLink(RelativePath existing, RelativePath path);

  /** Tells false where this cannot be done. */
  boolean makeFifo(RelativePath path);

  /** A file, a link or an empty directory. */
  void remove(RelativePath path);

  void move(RelativePath from, RelativePath to);

  void changeMode(RelativePath path, int mode);

  void touch(RelativePath path, Instant mtime);

  /** Renames the root away and makes an empty directory in its place. */
  void replaceRoot();

  /** Renames the root away. */
  void takeRootAway();
}
