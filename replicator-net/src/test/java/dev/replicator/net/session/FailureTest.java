package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words that `status` shows of a peer without a session. */
final class FailureTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:7512"
            + " | connection refused",
        "Connection refused: web2.example.net/192.0.2.7:7411 | connection refused",
        "finishConnect(..) failed with error(-113): No route to host: web2/192.0.2.7:7411"
            + " | no route to host",
        "connection timed out after 5000 ms: web2/[2001:db8:0:0:0:0:0:7]:7411"
            + " | connection timed out after 5000 ms",
        "recvAddress(..) failed with error(-104): Connection reset by peer"
            + " | connection reset by peer",
        "Broken pipe | broken pipe",
      })
  void saysWhatTheSystemSaysWithoutTheCallAndTheAddress(String message, String words) {
    assertEquals(words, Failure.describe(new ConnectException(message)));
    assertEquals(words, Failure.describe(new IOException(message)));
  }

  @Test
  void hasWordsOfItsOwnWhereThereIsARemedy() {
    assertEquals("the host web2 is not known", Failure.describe(new UnknownHostException("web2")));
    assertEquals(
        "the peer does not trust this node's key; pair this node with it again, or `replicator peer"
            + " add` the key there",
        Failure.describe(
            new SSLHandshakeException(
                "(certificate_unknown) Received fatal alert: certificate_unknown")));
  }

  @Test
  void namesAFailureThatSaysNothing() {
    assertEquals("ClosedChannelException: null", Failure.describe(new ClosedChannelException()));
  }
}
