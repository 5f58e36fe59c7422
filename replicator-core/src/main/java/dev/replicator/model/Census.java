package dev.replicator.model;

/**
 * How many of the paths that are materialised are something of note, as they were last looked at.
 *
 * @param present as anything
 * @param linked as a file that has other names too
 * @param setId as a file with set-id bits
 */
public record Census(long present, long linked, long setId) {
  public static final Census NONE = new Census(0, 0, 0);

  private static final int SET_ID_BITS = 06000;

  public static Census of(Materialised there) {
    return of(there.entry().type(), there.stamp().mode(), there.stamp().links());
  }

  public static Census of(EntryType type, int mode, int links) {
    boolean file = type == EntryType.FILE;
    return new Census(
        type == EntryType.ABSENT ? 0 : 1,
        file && links > 1 ? 1 : 0,
        file && (mode & SET_ID_BITS) != 0 ? 1 : 0);
  }

  public Census plus(Census other) {
    return new Census(present + other.present, linked + other.linked, setId + other.setId);
  }

  public Census minus(Census other) {
    return new Census(present - other.present, linked - other.linked, setId - other.setId);
  }
}
