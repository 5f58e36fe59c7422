package dev.replicator.block;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A choice that is written as one word of DRBD. */
public interface Keyword {
  /** As DRBD writes it. */
  String text();

  /** The one of {@code choices} that is written as {@code text}. */
  static <T extends Keyword> T parse(T[] choices, String text) {
    return Arrays.stream(choices)
        .filter(choice -> choice.text().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "\""
                    + text
                    + "\" is not one of "
                    + Arrays.stream(choices).map(Keyword::text).collect(Collectors.joining(", "))));
  }

  /** A digest that both kernels know. */
  enum Algorithm implements Keyword {
    SHA1("sha1"),
    SHA256("sha256"),
    SHA512("sha512"),
    CRC32C("crc32c");

    private final String text;

    Algorithm(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }

    public static Algorithm parse(String text) {
      return Keyword.parse(values(), text);
    }

    /** What two nodes authenticate with; a checksum does not do for that. */
    public static Algorithm keyed(String text) {
      Algorithm algorithm = parse(text);
      if (algorithm == CRC32C) {
        throw new IllegalArgumentException("crc32c is a checksum and authenticates nobody");
      }
      return algorithm;
    }
  }

  /** After a split brain without a primary. */
  enum NoPrimary implements Keyword {
    DISCONNECT("disconnect"),
    DISCARD_ZERO_CHANGES("discard-zero-changes"),
    DISCARD_LEAST_CHANGES("discard-least-changes"),
    DISCARD_YOUNGER_PRIMARY("discard-younger-primary"),
    DISCARD_OLDER_PRIMARY("discard-older-primary");

    private final String text;

    NoPrimary(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }

    public static NoPrimary parse(String text) {
      return Keyword.parse(values(), text);
    }
  }

  /** After a split brain with one primary. */
  enum OnePrimary implements Keyword {
    DISCONNECT("disconnect"),
    CONSENSUS("consensus"),
    DISCARD_SECONDARY("discard-secondary");

    private final String text;

    OnePrimary(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }

    public static OnePrimary parse(String text) {
      return Keyword.parse(values(), text);
    }
  }
}
