package dev.replicator.net.session;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/** Sends over another socket, but in small pieces, each a packet of its own. */
final class DrippingSocket extends Socket {
  private final Socket socket;
  private final int piece;

  DrippingSocket(Socket socket, int piece) throws SocketException {
    this.socket = socket;
    this.piece = piece;
    socket.setTcpNoDelay(true);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return socket.getInputStream();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(socket.getOutputStream()) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int start = offset; start < offset + length; start += piece) {
          out.write(bytes, start, Math.min(piece, offset + length - start));
          out.flush();
        }
      }
    };
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public synchronized void close() throws IOException {
    socket.close();
  }
}
