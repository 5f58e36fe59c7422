package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes whose configurations would let both go on never connect. */
final class AgreementTest {
  private static final Secret LAB = of(Configs.lab());

  private static Secret of(BlockConfig config) {
    return Agreement.of(config, Configs.SECRET);
  }

  private static Secret withNodes(BlockNode... nodes) {
    return of(Configs.with(List.of(nodes), Configs.FENCED, Configs.fileSystem(31, 30_000)));
  }

  @Test
  void isTheSameInWhateverOrderTheNodesAreListed() {
    BlockNode first = Configs.node("web1", 1);
    BlockNode second = Configs.node("web2", 2);
    assertEquals(LAB, withNodes(first, second));
    assertEquals(LAB, withNodes(second, first));
  }

  @Test
  void hasTheNodeWhoseNameComesFirstMakeTheFileSystemWhereverItIsListed() {
    BlockConfig config =
        Configs.with(
            List.of(Configs.node("web2", 2), Configs.node("web1", 1)),
            Configs.FENCED,
            Configs.fileSystem(31, 30_000));
    assertEquals(List.of("web1", "web2"), config.nodes().stream().map(BlockNode::name).toList());
    assertFalse(config.elects("web2"));
  }

  @Test
  void isAnotherOneForOtherNumbersFencingAndSecrets() {
    BlockNode first = Configs.node("web1", 1);
    BlockNode second = Configs.node("web2", 2);
    BlockNode numbered = new BlockNode("web2", "/dev/vda", second.address(), 3, second.cluster());
    assertNotEquals(LAB, withNodes(first, numbered));
    assertNotEquals(LAB, of(Configs.with(new Fencing.Preferred("web2", Configs.HANDLER))));
    assertNotEquals(LAB, of(Configs.with(Configs.ARBITRATED)));
    assertNotEquals(LAB, of(Configs.with(new Fencing.Off(true))));
    assertNotEquals(LAB, Agreement.of(Configs.lab(), new Secret("another-one")));
  }

  @Test
  void isTheSameForOtherDisksAndRates() {
    BlockNode second = Configs.node("web2", 2);
    BlockNode elsewhere = new BlockNode("web2", "/dev/vdb", second.address(), 2, second.cluster());
    assertEquals(LAB, withNodes(Configs.node("web1", 1), elsewhere));
  }
}
