package dev.replicator.block;

import dev.replicator.block.Arbitration.Grant;
import dev.replicator.block.Arbitration.Pair;
import dev.replicator.block.Arbitration.Standing;
import dev.replicator.model.Digest;
import dev.replicator.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an arbiter remembers, as the text of a file: a line for the format, one for each pair, and
 * one with the SHA-256 of all before it. Text that was cut or changed is no text.
 */
final class ArbitrationText {
  private static final String FORMAT = "replicator arbiter 1";
  private static final String SUM = "sum ";
  private static final String NONE = "-";
  private static final int WORDS = 9;

  private ArbitrationText() {}

  static String write(Arbitration arbitration) {
    StringBuilder text = new StringBuilder(FORMAT + "\n");
    arbitration.pairs().forEach((pair, standing) -> text.append(line(pair, standing)).append('\n'));
    return text + SUM + sum(text.toString()) + "\n";
  }

  private static String line(Pair pair, Standing standing) {
    return String.join(
        " ",
        "pair",
        pair.resource(),
        pair.low().fingerprint().toHex(),
        pair.high().fingerprint().toHex(),
        Long.toString(standing.number()),
        standing
            .grant()
            .map(held -> held.holder().equals(pair.low()) ? "low" : "high")
            .orElse(NONE),
        hex(standing.grant().map(Grant::generation)),
        hex(Optional.ofNullable(standing.together().get(pair.low()))),
        hex(Optional.ofNullable(standing.together().get(pair.high()))));
  }

  private static String hex(Optional<Long> generation) {
    return generation.map(known -> HexFormat.of().toHexDigits(known)).orElse(NONE);
  }

  /**
   * Reads what {@link #write} made.
   *
   * @throws UnreadableException for anything else
   */
  static Arbitration read(NodeId self, String text) throws UnreadableException {
    List<String> lines = List.of(text.split("\n", -1));
    int end = lines.size() - 2;
    if (end < 1 || !lines.getFirst().equals(FORMAT) || !lines.getLast().isEmpty()) {
      throw new UnreadableException("not the memory of an arbiter in format 1, or cut off");
    }
    String body = String.join("\n", lines.subList(0, end)) + "\n";
    if (!lines.get(end).equals(SUM + sum(body))) {
      throw new UnreadableException("its checksum does not match");
    }
    TreeMap<Pair, Standing> pairs = new TreeMap<>();
    for (String line : lines.subList(1, end)) {
      try {
        Map.Entry<Pair, Standing> read = read(line.split(" ", -1));
        if (pairs.put(read.getKey(), read.getValue()) != null) {
          throw new IllegalArgumentException("a pair that occurs twice");
        }
      } catch (IllegalArgumentException wrong) {
        throw new UnreadableException("a line that cannot be: " + wrong.getMessage());
      }
    }
    return new Arbitration(self, pairs);
  }

  private static Map.Entry<Pair, Standing> read(String[] words) {
    if (words.length != WORDS || !words[0].equals("pair")) {
      throw new IllegalArgumentException(words.length + " words");
    }
    Pair pair = new Pair(words[1], node(words[2]), node(words[3]));
    Optional<NodeId> holder =
        switch (words[5]) {
          case NONE -> Optional.empty();
          case "low" -> Optional.of(pair.low());
          case "high" -> Optional.of(pair.high());
          default -> throw new IllegalArgumentException("holder " + words[5]);
        };
    Optional<Long> granted = read(words[6]);
    if (holder.isPresent() != granted.isPresent()) {
      throw new IllegalArgumentException("half a grant");
    }
    Optional<Grant> grant =
        holder.flatMap(node -> granted.map(generation -> new Grant(node, generation)));
    TreeMap<NodeId, Long> together = new TreeMap<>();
    read(words[7]).ifPresent(generation -> together.put(pair.low(), generation));
    read(words[8]).ifPresent(generation -> together.put(pair.high(), generation));
    return Map.entry(pair, new Standing(Long.parseLong(words[4]), grant, together));
  }

  private static NodeId node(String hex) {
    return new NodeId(Digest.of(HexFormat.of().parseHex(hex)));
  }

  private static Optional<Long> read(String generation) {
    return generation.equals(NONE)
        ? Optional.empty()
        : Optional.of(HexFormat.fromHexDigitsToLong(generation));
  }

  private static String sum(String text) {
    try {
      byte[] octets = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
