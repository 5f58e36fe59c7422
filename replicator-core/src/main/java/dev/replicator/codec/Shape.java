package dev.replicator.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How often the parts of a kind of message may occur. Counted on the bytes, before anything is
 * allocated for what they say.
 */
final class Shape {
  /*
   * Two bytes on the wire can make an object of a hundred, and the generated parser allocates
   * before anybody can count. So the bytes are walked first, by a table of those fields that
   * repeat or nest, with a maximum for each and one budget for the whole. Fields without a place
   * in the table cost no more memory than bytes, or are unknown and dropped by the parser.
   */
  /** How a field repeats. */
  private sealed interface Field {
    int countMax();

    record Part(Shape shape, int countMax) implements Field {}

    record Varints(int countMax) implements Field {}

    record Fixed64s(int countMax) implements Field {}

    record Blobs(int countMax) implements Field {}
  }

  private final String name;
  private final List<Optional<Field>> fields = new ArrayList<>();

  Shape(String name) {
    this.name = name;
  }

  /** A nested message that occurs at most once. */
  Shape part(int number, Shape shape) {
    return parts(number, shape, 1);
  }

  Shape parts(int number, Shape shape, int countMax) {
    return field(number, new Field.Part(shape, countMax));
  }

  Shape varints(int number, int countMax) {
    return field(number, new Field.Varints(countMax));
  }

  Shape fixed64s(int number, int countMax) {
    return field(number, new Field.Fixed64s(countMax));
  }

  Shape blobs(int number, int countMax) {
    return field(number, new Field.Blobs(countMax));
  }

  private Shape field(int number, Field field) {
    while (fields.size() <= number) {
      fields.add(Optional.empty());
    }
    fields.set(number, Optional.of(field));
    return this;
  }

  /**
   * Checks the counts of one message.
   *
   * @param start of the message, which goes on to the end of {@code bytes}
   * @param itemsMax of everything that repeats, at all depths together
   */
  void check(byte[] bytes, int start, int itemsMax) throws CodecException {
    new Walk(new WireCursor(bytes, start), itemsMax).message(this);
  }

  /** One pass over the bytes. */
  private static final class Walk {
    private final WireCursor cursor;
    private final int itemsMax;
    private int items;

    Walk(WireCursor cursor, int itemsMax) {
      this.cursor = cursor;
      this.itemsMax = itemsMax;
    }

    /** Nests as deep as shapes do, not as deep as the bytes say. */
    void message(Shape shape) throws CodecException {
      int[] counts = new int[shape.fields.size()];
      while (cursor.next()) {
        int number = cursor.field();
        if (number >= counts.length || shape.fields.get(number).isEmpty()) {
          cursor.skip();
          continue;
        }
        Field field = shape.fields.get(number).get();
        int found = field(field);
        counts[number] += found;
        if (counts[number] > field.countMax()) {
          throw new CodecException(
              shape.name + " with more than " + field.countMax() + " of field " + number);
        }
        items += found;
        if (items > itemsMax) {
          throw new CodecException("more than " + itemsMax + " items");
        }
      }
    }

    /** Passes over one occurrence and tells how many items it holds. */
    private int field(Field field) throws CodecException {
      if (!cursor.isLengthDelimited()) {
        cursor.skip();
        return 1;
      }
      int outer = cursor.enter();
      int found =
          switch (field) {
            case Field.Part part -> {
              message(part.shape());
              yield 1;
            }
            case Field.Blobs blobs -> 1;
            case Field.Fixed64s fixed -> cursor.bytesLeft() / Long.BYTES;
            case Field.Varints varints -> cursor.varintsLeft();
          };
      cursor.leave(outer);
      return found;
    }
  }
}
