package dev.replicator.linux;

import dev.replicator.model.Digest;
import dev.replicator.model.Stamp;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Files in staging that wait for the rest of their content, under its digest. These names are none
 * of those that staging tells: a start has nothing to settle for them.
 */
final class Parts {
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{" + 2 * Digest.LENGTH_BYTES + "}");

  private final Staging staging;

  Parts(Staging staging) {
    this.staging = staging;
  }

  private static byte[] name(Digest content) {
    return content.toHex().getBytes(StandardCharsets.US_ASCII);
  }

  /** The part of {@code content}, an empty one when there is none. */
  Descriptor open(Digest content) throws IOException {
    int directory = staging.directory().number();
    try {
      return PathCalls.openBeneath(directory, name(content), PathCalls.READ_WRITE);
    } catch (Errno failure) {
      if (failure.number() != Errno.ENOENT) {
        throw failure;
      }
      return PathCalls.openBeneath(
          directory, name(content), PathCalls.READ_WRITE | PathCalls.CREATE);
    }
  }

  /** It is whole: from now on it waits like everything else in staging. */
  void complete(Digest content, String staged) throws TreeException, IOException {
    int directory = staging.directory().number();
    PathCalls.rename(
        directory, name(content), directory, Staging.octets(staged), PathCalls.REPLACE_NOTHING);
  }

  boolean pass(Digest from, Digest to) throws TreeException {
    int directory = staging.directory().number();
    try {
      PathCalls.rename(directory, name(from), directory, name(to), PathCalls.REPLACE_NOTHING);
      return true;
    } catch (Errno failure) {
      if (failure.number() == Errno.EEXIST || failure.number() == Errno.ENOENT) {
        return false;
      }
      throw Errno.treeException(failure);
    }
  }

  void drop(Digest content) throws TreeException {
    try {
      Staging.removeIfThere(staging.directory(), name(content));
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  void drop(Instant time, Set<Digest> spared) throws TreeException {
    int directory = staging.directory().number();
    try {
      for (Digest content : contents()) {
        if (spared.contains(content)) {
          continue;
        }
        drop(directory, name(content), time);
      }
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** Whoever completes one, or drops it, at the same moment is no failure. */
  private void drop(int directory, byte[] name, Instant time) throws IOException {
    Stamp stamp;
    try (Descriptor part = PathCalls.openBeneath(directory, name, PathCalls.LOCATE)) {
      stamp = PathCalls.status(part.number()).stamp();
    } catch (Errno failure) {
      if (failure.number() == Errno.ENOENT) {
        return;
      }
      throw failure;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(stamp.ctimeNanos());
    if (Instant.ofEpochSecond(seconds).isBefore(time)) {
      Staging.removeIfThere(staging.directory(), name);
    }
  }

  private List<Digest> contents() throws IOException {
    List<Digest> contents = new ArrayList<>();
    try (Descriptor listed =
        PathCalls.openBeneath(
            staging.directory().number(), new byte[] {'.'}, PathCalls.READ | PathCalls.DIRECTORY)) {
      for (byte[] octets : Listing.names(listed)) {
        String name = new String(octets, StandardCharsets.ISO_8859_1);
        if (NAME.matcher(name).matches()) {
          contents.add(Digest.ofHex(name));
        }
      }
    }
    return contents;
  }
}
