package dev.replicator.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.Workplace;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerStoreTest {
  @TempDir private Path state;

  private static PeerConfig peer(String name, NodeId key) {
    return new PeerConfig(name, Optional.of(new HostPort("web.example.net", 7411)), key, "test");
  }

  @Test
  void givesBackWhatWasAddedAndOverwritesTheSameKey() throws IOException {
    PeerStore store = new PeerStore(state);
    store.add(peer("web2", FakeRoot.node("01")));
    store.add(peer("new", FakeRoot.node("01")));
    assertEquals(List.of("new"), store.peers().stream().map(PeerConfig::name).toList());
    assertEquals(
        Optional.of(new HostPort("web.example.net", 7411)), store.peers().getFirst().address());
  }

  @Test
  void doesNotLearnAgainWhatWasRemovedUntilSomebodyAddsIt() throws IOException {
    PeerStore store = new PeerStore(state);
    PeerConfig peer = peer("web2", FakeRoot.node("01"));
    assertTrue(store.learn(peer));
    store.remove(peer);
    PeerConfig moved = new PeerConfig("renamed", Optional.empty(), peer.key(), "test");
    assertFalse(store.learn(moved));
    assertTrue(store.peers().isEmpty());
    store.add(peer);
    assertEquals(1, store.peers().size());
  }

  @Test
  void whoVanishesFromTheFilesIsNotLearnedAgainUntilSomebodyAddsIt() throws IOException {
    PeerStore store = new PeerStore(state);
    PeerConfig peer = peer("web2", FakeRoot.node("01"));
    assertTrue(store.follow(List.of(peer)).isEmpty());
    assertFalse(store.learn(peer), "the files name it");
    assertTrue(store.peers().isEmpty());

    List<PeerConfig> gone = store.follow(List.of());

    assertEquals(List.of("web2"), gone.stream().map(PeerConfig::name).toList());
    assertTrue(store.follow(List.of()).isEmpty(), "told twice");
    assertFalse(store.learn(peer));
    store.add(peer);
    assertTrue(store.follow(List.of()).isEmpty());
    assertEquals(1, store.peers().size());
  }

  @Test
  void whoWasPairedStaysWhenTheLineOfItsLimitIsDeleted() throws IOException {
    PeerStore store = new PeerStore(state);
    PeerConfig peer = peer("web2", FakeRoot.node("01"));
    store.add(peer);
    store.follow(List.of(peer));
    assertTrue(store.follow(List.of()).isEmpty());
    assertEquals(1, store.peers().size());
  }

  @Test
  void aLineInAFileBringsBackWhomTheCommandRemoved() throws IOException {
    PeerStore store = new PeerStore(state);
    PeerConfig peer = peer("web2", FakeRoot.node("01"));
    store.remove(peer);
    store.follow(List.of(peer));
    assertEquals(PeerStore.Standing.WRITTEN, store.find(peer.key()).orElseThrow().standing());
    assertEquals(1, store.follow(List.of()).size());
  }

  @Test
  void saysNothingChangedWhenItLearnsTheSameTwice() throws IOException {
    PeerStore store = new PeerStore(state);
    assertTrue(store.learn(peer("web2", FakeRoot.node("01"))));
    assertFalse(store.learn(peer("web2", FakeRoot.node("01"))));
  }

  @Test
  void namesTheFileThatItCannotRead() throws IOException {
    Files.createDirectories(state.resolve("peers"));
    Files.writeString(state.resolve("peers/x.toml"), "name = \"web2\"\n");
    IOException broken = assertThrows(IOException.class, () -> new PeerStore(state).peers());
    assertTrue(broken.toString().contains("x.toml"), broken.toString());
  }

  @Test
  void theAdministratorsFileCountsFirstAndNamesStayUnique() throws IOException {
    Workplace place = new Workplace(state, "web1");
    NodeId written = FakeRoot.node("01");
    place.writeConfig(
        "[[peer]]\nname = \"web2\"\nkey = \"%s\"\n".formatted(KeyText.print(written)));
    PeerStore store = new PeerStore(place.state());
    store.add(peer("other-name", written));
    store.add(peer("web2", FakeRoot.node("02")));
    PeerBook book = PeerBook.of(place.configuration(), store);
    assertEquals("web2", book.nameOf(written));
    assertEquals("web2-AgIC", book.nameOf(FakeRoot.node("02")));
  }

  @Test
  void oneThatIsLearnedAgainKeepsItsName() throws IOException {
    PeerStore store = new PeerStore(state);
    store.add(peer("web2", FakeRoot.node("01")));
    PeerConfig moved = new PeerConfig("db", Optional.empty(), FakeRoot.node("01"), "test");
    assertTrue(store.learn(moved), "it has another address");
    assertEquals("web2", store.peers().getFirst().name());
    assertEquals(Optional.empty(), store.peers().getFirst().address());
  }
}
