package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.cli.Workplace;
import dev.replicator.cli.config.Configuration;
import dev.replicator.runtime.ReplicatedRoot;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  @TempDir private Path temporary;
  private final List<String> told = new ArrayList<>();

  /** Notes who was told, and does nothing. */
  private <T> T noting(Class<T> type, String name) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              told.add(name + " " + method.getName());
              return null;
            }));
  }

  /** A session may begin at once, and a root keeps nothing of what a stranger tells. */
  @Test
  void tellsTheRootsOfTheirPeersBeforeTheNetwork() throws Exception {
    Configuration configuration = new Workplace(temporary, "web1").configuration();
    Reload reload =
        new Reload(
            configuration,
            StateDirectory.prepare(configuration.node().state()),
            noting(Network.class, "network"),
            new TreeMap<>(Map.of("site", noting(ReplicatedRoot.class, "root"))));

    reload.peers();

    assertEquals(List.of("root peersChanged", "network peersChanged"), told);
  }
}
