package dev.replicator.model;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable byte string, ordered as unsigned bytes. */
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] octets;

  private Bytes(byte[] octets) {
    this.octets = octets;
  }

  /** Copies {@code octets}. */
  public static Bytes copyOf(byte[] octets) {
    return new Bytes(octets.clone());
  }

  /** Takes {@code octets} as they are: the caller gives them away and never changes them. */
  public static Bytes of(byte[] octets) {
    return new Bytes(octets);
  }

  /** Parses pairs of hexadecimal digits. */
  public static Bytes ofHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  public int length() {
    return octets.length;
  }

  public byte at(int index) {
    return octets[index];
  }

  /** A copy that the caller may change. */
  public byte[] toArray() {
    return octets.clone();
  }

  /** The octets as they are, for who reads large ones: nobody may change them. */
  public byte[] sharedArray() {
    return octets;
  }

  public String toHex() {
    return HexFormat.of().formatHex(octets);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(octets, other.octets);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
