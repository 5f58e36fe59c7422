package dev.replicator.cli.config;

import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * Peers that were paired, learned or added by command: one small file each in the directory {@code
 * peers} of the state directory. A removed peer leaves a file that says so, so that nobody teaches
 * it to this node again. So does one that only the administrator's files name: when they name it no
 * more it is removed.
 */
public final class PeerStore {
  private static final int FILES_MAX = Limits.PEERS_MAX * 16;
  private static final String SUFFIX = ".toml";

  private final Path directory;

  public PeerStore(Path state) {
    this.directory = state.resolve("peers");
  }

  /** What is known of a key here. */
  public enum Standing {
    /** It was paired, learned or added by command. */
    TRUSTED,
    /** Only the administrator's files name it. */
    WRITTEN,
    REMOVED
  }

  /** One file. */
  public record Stored(PeerConfig peer, Standing standing) {}

  /** All of them, in the order of keys; files that cannot be understood are errors. */
  public List<Stored> all() throws IOException {
    List<Stored> stored = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return stored;
    }
    TreeSet<Path> files = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : found) {
        files.add(file);
        if (files.size() > FILES_MAX) {
          throw new IOException(directory + " holds more than " + FILES_MAX + " files");
        }
      }
    }
    for (Path file : files) {
      stored.add(read(file));
    }
    return stored;
  }

  /** Those that are trusted, whatever the administrator's files say. */
  public List<PeerConfig> peers() throws IOException {
    return all().stream()
        .filter(one -> one.standing() == Standing.TRUSTED)
        .map(Stored::peer)
        .toList();
  }

  public Optional<Stored> find(NodeId key) throws IOException {
    return all().stream().filter(one -> one.peer().key().equals(key)).findFirst();
  }

  /** Adds or replaces a peer because somebody asked for it by name; forgets its removal. */
  public void add(PeerConfig peer) throws IOException {
    write(peer, Standing.TRUSTED);
  }

  /**
   * Takes up a peer that another node told of, unless it was removed here before, or is for the
   * administrator's files to name alone. One that is known keeps its name.
   *
   * @return whether anything changed
   */
  public boolean learn(PeerConfig peer) throws IOException {
    Optional<Stored> known = find(peer.key());
    boolean same =
        known.isPresent()
            && (known.get().standing() != Standing.TRUSTED
                || known.get().peer().address().equals(peer.address()));
    if (!same) {
      write(peer.named(known.map(one -> one.peer().name()).orElse(peer.name())), Standing.TRUSTED);
    }
    return !same;
  }

  /** Forgets a peer and remembers that it is not wanted. */
  public void remove(PeerConfig peer) throws IOException {
    write(peer, Standing.REMOVED);
  }

  /**
   * Notes whom only the administrator's files name, before anybody else can tell of them. Who is
   * trusted here anyway stays so: a file may have named it for its limit.
   *
   * @return those whom they alone named, and no longer do: they are removed
   */
  public List<PeerConfig> follow(List<PeerConfig> written) throws IOException {
    TreeMap<NodeId, String> missing = new TreeMap<>();
    written.forEach(peer -> missing.put(peer.key(), peer.name()));
    List<PeerConfig> gone = new ArrayList<>();
    for (Stored one : all()) {
      PeerConfig noted = one.peer();
      switch (one.standing()) {
        case TRUSTED -> missing.remove(noted.key());
        case REMOVED -> {}
        case WRITTEN -> {
          if (!missing.containsKey(noted.key())) {
            remove(noted);
            gone.add(noted);
          }
          missing.remove(noted.key(), noted.name());
        }
      }
    }
    for (PeerConfig peer : written) {
      if (missing.containsKey(peer.key())) {
        write(peer, Standing.WRITTEN);
      }
    }
    return gone;
  }

  private static Stored read(Path file) throws IOException {
    Findings findings = new Findings();
    Optional<TomlParseResult> parsed = ConfigFiles.parse(file, findings);
    if (parsed.isPresent()) {
      Section section = new Section(file, "the file", 1, parsed.get(), findings);
      Optional<String> name = section.parsed("name", ConfigReader::name);
      Optional<HostPort> address = section.parsed("address", text -> HostPort.parse(text, 1));
      Optional<NodeId> key = section.parsed("key", KeyText::parse);
      boolean removed = section.number("removed", 0, 1).orElse(0) == 1;
      boolean written = section.number("written", 0, 1).orElse(0) == 1;
      Standing standing =
          written ? Standing.WRITTEN : removed ? Standing.REMOVED : Standing.TRUSTED;
      if (name.isPresent() && key.isPresent() && !findings.hasErrors()) {
        return new Stored(
            new PeerConfig(name.get(), address, key.get(), file.toString()), standing);
      }
    }
    String reason =
        findings.errors(List.of(file)).stream()
            .findFirst()
            .map(ConfigError::toString)
            .orElse(file + ": name or key is missing");
    throw new IOException(reason + " (remove the file and pair or add the peer again)");
  }

  private void write(PeerConfig peer, Standing standing) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("name = \"").append(Toml.tomlEscape(peer.name())).append("\"\n");
    text.append("key = \"").append(KeyText.print(peer.key())).append("\"\n");
    peer.address().ifPresent(address -> text.append("address = \"" + address + "\"\n"));
    text.append(
        switch (standing) {
          case TRUSTED -> "";
          case WRITTEN -> "written = 1\n";
          case REMOVED -> "removed = 1\n";
        });
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String name = peer.key().fingerprint().toHex() + SUFFIX;
    Path staged = Files.createTempFile(directory, ".peer", ".new");
    try {
      try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = StandardCharsets.UTF_8.encode(text.toString());
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(staged, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(staged);
    }
    // A power cut must not bring back whom the administrator removed.
    try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
      opened.force(true);
    }
  }
}
