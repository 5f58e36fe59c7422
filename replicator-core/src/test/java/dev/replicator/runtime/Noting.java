package dev.replicator.runtime;

import dev.replicator.model.Message;
import dev.replicator.port.PeerLink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A port that works as ever, and somebody who hears of each call before it is made. */
final class Noting {
  private Noting() {}

  /** A link of which somebody hears what it is given to send. */
  static PeerLink messages(PeerLink real, Consumer<Message> heard) {
    return calls(
        PeerLink.class,
        real,
        (method, arguments) -> {
          if (!arguments.isEmpty() && arguments.getLast() instanceof Message message) {
            heard.accept(message);
          }
        });
  }

  /** A link that has no room for content that nobody asked for. */
  static PeerLink full(PeerLink real) {
    return PeerLink.class.cast(
        Proxy.newProxyInstance(
            PeerLink.class.getClassLoader(),
            new Class<?>[] {PeerLink.class},
            (proxy, method, arguments) ->
                method.getName().equals("queuedBytes") && arguments[1] == Message.Lane.BULK
                    ? Long.MAX_VALUE
                    : method.invoke(real, arguments)));
  }

  /**
   * @param port the interface of {@code real}
   * @param heard takes the name of the method and its arguments
   */
  static <T> T calls(Class<T> port, T real, BiConsumer<String, List<Object>> heard) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              heard.accept(method.getName(), arguments == null ? List.of() : List.of(arguments));
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            }));
  }
}
