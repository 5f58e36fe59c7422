package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RenderingTest {
  @Test
  void writesTheResourceOfEight() {
    RenderedFile file = file(Generation.EIGHT, "/etc/drbd.d/r0.res");
    assertTrue(file.secret());
    assertEquals(
        """
        # Written by replicator. What is changed here is lost.
        resource r0 {
          net {
            after-sb-0pri discard-zero-changes;
            after-sb-1pri disconnect;
            after-sb-2pri disconnect;
            allow-two-primaries yes;
            cram-hmac-alg sha1;
            ko-count 3;
            ping-int 10;
            protocol C;
            verify-alg sha1;
            shared-secret "FooFunFactory";
          }
          disk {
            c-plan-ahead 0;
            fencing resource-and-stonith;
            resync-rate 8192K;
          }
          handlers {
            fence-peer "/usr/lib/replicator/fence-peer /var/lib/replicator/control.sock 20";
          }
          on web1 {
            device /dev/drbd0 minor 0;
            disk /dev/vda;
            meta-disk internal;
            address ipv4 10.66.0.1:7788;
          }
          on web2 {
            device /dev/drbd0 minor 0;
            disk /dev/vda;
            meta-disk internal;
            address ipv4 10.66.0.2:7788;
          }
        }
        """,
        file.text());
  }

  @Test
  void putsFencingIntoTheNetSectionAndNumbersTheNodesForNine() {
    String text = file(Generation.NINE, "/etc/drbd.d/r0.res").text();
    int fencing = text.indexOf("fencing");
    assertTrue(text.indexOf("net {") < fencing && fencing < text.indexOf("disk {"));
    assertTrue(text.contains("node-id 0;") && text.contains("node-id 1;"));
    assertFalse(file(Generation.EIGHT, "/etc/drbd.d/r0.res").text().contains("node-id"));
  }

  @Test
  void writesTheClusterWithTabs() {
    assertEquals(
        """
        # Written by replicator. What is changed here is lost.
        cluster:
        \tname = fsync
        \theartbeat_mode = local
        \tnode_count = 2

        node:
        \tcluster = fsync
        \tnumber = 1
        \tname = web1
        \tip_address = 10.66.0.1
        \tip_port = 7777

        node:
        \tcluster = fsync
        \tnumber = 2
        \tname = web2
        \tip_address = 10.66.0.2
        \tip_port = 7777

        """,
        file(Generation.EIGHT, Rendering.CLUSTER_PATH).text());
  }

  @Test
  void rendersNothingThatHasProblems() {
    BlockConfig unsafe = Configs.with(new Fencing.Off(false));
    assertThrows(
        IllegalArgumentException.class,
        () -> Rendering.files(unsafe, Configs.SECRET, Generation.EIGHT));
  }

  @Test
  void findsWhatDumpXmlReadsOtherwiseThanItWasMeant() {
    Meaning meant = Meaning.of(Configs.lab(), Generation.EIGHT);
    Map<String, String> net = new TreeMap<>(meant.net());
    net.put("after-sb-1pri", "discard-secondary");
    net.remove("ping-int");
    Meaning found = new Meaning(new TreeMap<>(), net, meant.disk(), meant.handlers());
    List<String> differences = meant.differences(found);
    assertEquals(4, differences.size());
    assertEquals(
        "net after-sb-1pri: disconnect was meant, drbdadm reads discard-secondary",
        differences.get(2));
    assertEquals("net ping-int: 10 was meant, drbdadm reads nothing", differences.get(3));
    assertEquals(List.of(), meant.differences(meant));
  }

  @Test
  void refusesADumpThatIsCutOffOrHasNoSuchResource() {
    String dump = "<config file=\"a\">\n<resource name=\"r0\">\n</resource>\n</config>\n";
    assertThrows(UnreadableException.class, () -> Meaning.parse(dump, "r1"));
    assertThrows(
        UnreadableException.class, () -> Meaning.parse(dump.substring(0, dump.length() - 5), "r0"));
    assertThrows(UnreadableException.class, () -> Meaning.parse("modinfo: ERROR\n" + dump, "r0"));
  }

  private static RenderedFile file(Generation generation, String path) {
    return Rendering.files(Configs.lab(), Configs.SECRET, generation).stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .orElseThrow();
  }
}
