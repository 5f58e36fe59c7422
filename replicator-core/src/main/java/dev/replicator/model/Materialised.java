package dev.replicator.model;

/**
 * What we put on this disk at a path, or read from it. A local change is detected against this,
 * never against the record. A path without one is Absent on this disk and nothing is known of why.
 *
 * @param stamp of the path after it was put or read
 * @param actual content, mtime and attributes as they are on the disk, which may differ from what
 *     the record asks where this node may not enforce it (a foreign owner)
 * @param asked the attributes that the record asked for when {@code actual} was put; equal to those
 *     of {@code actual} when they could be enforced
 */
public record Materialised(Stamp stamp, Target actual, Attributes asked, Knowledge knowledge) {
  public Entry entry() {
    return actual.entry();
  }

  public Materialised withStamp(Stamp fresh) {
    return new Materialised(fresh, actual, asked, knowledge);
  }

  public Materialised withKnowledge(Knowledge fresh) {
    return new Materialised(stamp, actual, asked, fresh);
  }
}
