package dev.replicator.net.session;

import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What went wrong with a connection, in words that name a remedy where there is one. */
final class Failure {
  private static final int CAUSES_MAX = 10;

  /** The call before, and the address behind, what the operating system says. */
  private static final Pattern OF_SYSTEM =
      Pattern.compile("(?:[^:]* failed(?: with error\\(-?\\d+\\))?: )?(.+?)(?:: \\S*/\\S+)?");

  private Failure() {}

  /** The cause that says most: a broken rule or a certificate, else what the decoder wrapped. */
  static Throwable root(Throwable failure) {
    Throwable current = failure;
    for (int depth = 0; depth < CAUSES_MAX; depth++) {
      if (current instanceof Violation || current instanceof CertificateException) {
        return current;
      }
      Throwable cause = current.getCause();
      if (cause == null) {
        break;
      }
      current = cause;
    }
    Throwable wrapped = failure.getCause();
    return failure instanceof DecoderException && wrapped != null ? wrapped : failure;
  }

  static String describe(Throwable failure) {
    Throwable root = root(failure);
    String message = Text.printable(String.valueOf(root.getMessage()));
    return switch (root) {
      case Violation violation -> "broke a rule: " + Text.printable(violation.getMessage() + "");
      case CertificateException _ -> message;
      case NotSslRecordException _ -> "the other side does not speak TLS";
      case UnknownHostException _ -> "the host " + message + " is not known";
      case NoRouteToHostException _ -> "no route to the host";
      case SSLException _ -> tls(message);
      case IOException said when said.getMessage() != null -> system(message);
      default -> root.getClass().getSimpleName() + ": " + message;
    };
  }

  /**
   * An entry that is dead, or has a wrong address: nothing is said against the key that answers.
   *
   * @param nameOfFound empty when {@code found} is not trusted here
   */
  static String another(Peer dialled, NodeId found, String nameOfFound) {
    String removal = "`replicator peer remove " + dialled.name() + "` here";
    String entry = dialled.name() + " with the key " + KeyText.print(dialled.node());
    return nameOfFound.isEmpty()
        ? "at its address answers a node that is not trusted here, with the key "
            + KeyText.print(found)
            + ", and not "
            + entry
            + "; if that machine has a new key, "
            + removal
            + " and pair it again"
        : "at its address answers "
            + nameOfFound
            + ", which is trusted, and not "
            + entry
            + "; if that machine has a new key since, this entry is dead: "
            + removal
            + " and on every node that lists it";
  }

  private static String system(String message) {
    Matcher parts = OF_SYSTEM.matcher(message);
    String words = parts.matches() ? parts.group(1) : message;
    return words.isEmpty()
        ? "the connection broke"
        : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
  }

  private static String tls(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("alert")
        && (lower.contains("certificate") || lower.contains("unknown_ca"))) {
      return "the peer does not trust this node's key; pair this node with it again, or"
          + " `replicator peer add` the key there";
    }
    if (lower.contains("no_application_protocol")) {
      return "the peer does not speak " + dev.replicator.net.identity.Tls.SESSION_PROTOCOL;
    }
    return "TLS: " + message;
  }
}
