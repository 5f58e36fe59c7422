package dev.replicator.port;

import dev.replicator.model.Materialised;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What waits beside a tree: staged, and not yet under its name, or displaced, and not yet in the
 * vault. Each object by a name that {@link Tree} gave it.
 */
public interface StagingArea {

  /** What became of a file since it was displaced: who had it open may have written to it. */
  sealed interface Displaced {
    /** Nobody wrote, and nobody can any more. */
    record Untouched() implements Displaced {}

    /**
     * Somebody has it open for writing.
     *
     * @param written what it is now, when he wrote already
     */
    record BeingWritten(Optional<Tree.Look.Found> written) implements Displaced {}

    /** Somebody wrote, and nobody can any more: a local write that must not be lost. */
    record Written(Tree.Look.Found look) implements Displaced {}
  }

  /**
   * Opens an object that waits in staging; for a displaced file.
   *
   * @throws TreeException of the kind OBSTRUCTED when there is no regular file under {@code name}
   */
  SeekableByteChannel readStaged(String name) throws TreeException;

  /**
   * Moves a file out of staging to {@code destination}, replacing nothing that is there.
   *
   * @return nothing; but for a file that has another name still, by which somebody may write to it,
   *     a copy of it beside {@code destination}: both stay, and only the copy tells what it is
   * @throws TreeException of the kind BUSY while somebody writes to it
   */
  Optional<Path> release(String name, Path destination) throws TreeException;

  /** Whether somebody has what waits open for writing; false where none can tell. */
  default boolean isStagedWritten(String name) throws TreeException {
    return false;
  }

  /** Whether what waits has another name, by which somebody may write to it. */
  default boolean isStagedShared(String name) throws TreeException {
    return false;
  }

  /** Removes an object from staging; nothing happens when it is not there. */
  void discard(String name) throws TreeException;

  /** Names of everything in staging; read at start, before anything new is staged. */
  List<String> staged() throws TreeException;

  /** Names of what waits where staging was before the state or the root was moved. */
  default List<String> strays() throws TreeException {
    return List.of();
  }

  /**
   * Brings what is one of {@link #strays} into staging.
   *
   * @return the names that its files have there
   * @throws TreeException of the kind BUSY while somebody writes to it, DISK_FULL without room for
   *     a copy: it stays where it is
   */
  default List<String> takeStray(String name) throws TreeException {
    return List.of();
  }

  /**
   * Gives every file below a directory in staging a name of its own there, and removes the
   * directory; nothing happens to anything else.
   *
   * @return the names of what was in it, or the name of what is no directory
   */
  default List<String> flatten(String name) throws TreeException {
    return List.of();
  }

  /**
   * Looks again at a file that an exchange displaced and that was {@code expected} then. Untouched
   * where the platform does not tell who has a file open.
   *
   * @param name under which it waits in staging
   */
  default Displaced displaced(String name, Materialised expected) throws TreeException {
    return new Displaced.Untouched();
  }

  /**
   * The same of a file that {@link #release} moved to {@code place}: who had found its name before
   * it was displaced, and was not done with opening it when nobody had it open, may write to it.
   */
  default Displaced released(Path place, Materialised expected) throws TreeException {
    return new Displaced.Untouched();
  }
}
