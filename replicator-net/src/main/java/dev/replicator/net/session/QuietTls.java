package dev.replicator.net.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;

/**
 * TLS that says nothing about a connection that has ended: the reason was told before, and Netty
 * would log a whole stack for every stranger that is turned away.
 */
final class QuietTls extends SslHandler {
  QuietTls(SSLEngine engine, Executor handshakes) {
    super(engine, handshakes);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    if (!context.isRemoved()) {
      super.exceptionCaught(context, cause);
    }
  }
}
