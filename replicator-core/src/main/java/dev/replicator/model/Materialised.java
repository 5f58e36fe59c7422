package dev.replicator.model;

import java.util.Collections;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What we put on this disk at a path, or read from it. A local change is detected against this,
 * never against the record. A path without one is Absent on this disk and nothing is known of why.
 *
 * @param stamp of the path after it was put or read
 * @param actual content, mtime and attributes as they are on the disk, which may differ from what
 *     the record asks where this node may not enforce it (a foreign owner)
 * @param asked the attributes that the record asked for when {@code actual} was put; equal to those
 *     of {@code actual} when they could be enforced
 * @param writtenMillis when the content was written, by the clock of the first of its dots; 0 when
 *     that is not known
 */
public record Materialised(
    Stamp stamp, Target actual, Attributes asked, Knowledge knowledge, long writtenMillis) {

  public Materialised(Stamp stamp, Target actual, Attributes asked, Knowledge knowledge) {
    this(stamp, actual, asked, knowledge, 0);
  }

  public Entry entry() {
    return actual.entry();
  }

  /** Which file is there; empty where there is none. */
  public Optional<FileKey> file() {
    return entry() instanceof Entry.File ? Optional.of(stamp.file()) : Optional.empty();
  }

  public Trace trace() {
    return new Trace(
        stamp,
        entry().type(),
        entry() instanceof Entry.Symlink link ? link.target() : Bytes.EMPTY,
        entry().type() == EntryType.DIRECTORY
            ? actual.attributes().extended()
            : Collections.emptySortedMap());
  }

  /**
   * Whether this file now is the one of {@code live} under another name: nothing was written since
   * but the name, which changes the ctime.
   */
  public boolean isRenamed(Stamp live, Attributes attributes) {
    return entry() instanceof Entry.File
        && live.equalsExceptCtime(stamp)
        && live.links() == stamp.links()
        && attributes.extended().equals(actual.attributes().extended());
  }

  public Materialised withStamp(Stamp fresh) {
    return new Materialised(fresh, actual, asked, knowledge, writtenMillis);
  }

  /**
   * As {@code found} without anybody's write: none stands behind what is there. Those behind what
   * should be there are known and not here, so that who writes over it goes over none of them.
   */
  public Materialised damaged(Entry found) {
    TreeSet<Dot> known = new TreeSet<>(knowledge.siblings());
    known.addAll(knowledge.contents());
    Target there = new Target(found, actual.mtime(), actual.attributes());
    return new Materialised(
        stamp,
        there,
        asked,
        new Knowledge(new TreeSet<>(), knowledge.mtimes(), knowledge.attributes(), known));
  }

  public Materialised withKnowledge(Knowledge fresh) {
    return new Materialised(stamp, actual, asked, fresh);
  }

  public Materialised withWritten(long millis) {
    return new Materialised(stamp, actual, asked, knowledge, millis);
  }
}
