package dev.replicator.block;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which generation of data a disk holds, as {@code drbdadm get-gi} of 8.4 prints it.
 *
 * @param current with its lowest bit masked: that one tells only that it is primary
 * @param bitmap since which the peer has not seen our writes; 0 when it has all of them
 */
public record GenerationIds(long current, long bitmap, List<Boolean> flags) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9A-F]{16}):([0-9A-F]{16}):[0-9A-F]{16}:[0-9A-F]{16}((?::[01]){7})");

  /** Of metadata that was created and never held data. */
  private static final long JUST_CREATED = 4;

  public GenerationIds {
    current &= ~1L;
    bitmap &= ~1L;
    flags = List.copyOf(flags);
  }

  static GenerationIds parse(String text) throws UnreadableException {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new UnreadableException("get-gi: " + text.strip());
    }
    return new GenerationIds(
        Long.parseUnsignedLong(matcher.group(1), 16),
        Long.parseUnsignedLong(matcher.group(2), 16),
        List.of(matcher.group(3).substring(1).split(":")).stream()
            .map(flag -> flag.equals("1"))
            .toList());
  }

  /**
   * Whether the disk here is consistent and was up to date: what is behind may not ask to go on.
   */
  boolean whole() {
    return flags.get(0) && flags.get(1) && !justCreated();
  }

  boolean justCreated() {
    return current == JUST_CREATED;
  }

  /** Whether this side wrote, or may have, what the peer has not seen. */
  boolean aheadOfPeer() {
    return bitmap != 0 && bitmap != JUST_CREATED;
  }

  /** Whether both went on from one generation without each other: a split brain. */
  boolean splitFrom(GenerationIds other) {
    return current != other.current && bitmap == other.bitmap && bitmap != 0;
  }
}
