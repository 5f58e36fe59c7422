package dev.replicator.net.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** An answer whose head was read and whose body follows. */
final class ClientAnswer {
  private static final int HEADERS_MAX = 100;

  private final InputStream in;
  private final int status;
  private final Map<String, String> headers;

  private ClientAnswer(InputStream in, int status, Map<String, String> headers) {
    this.in = in;
    this.status = status;
    this.headers = headers;
  }

  static ClientAnswer head(InputStream in) throws IOException {
    String[] words = line(in, HttpLimits.HEADERS_BYTES_MAX).split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5][0-9]{2}")) {
      throw new IOException("what answers on the socket is no daemon of ours");
    }
    Map<String, String> headers = new TreeMap<>();
    for (int count = 0; ; count++) {
      String header = line(in, HttpLimits.HEADERS_BYTES_MAX);
      if (header.isEmpty()) {
        return new ClientAnswer(in, Integer.parseInt(words[1]), headers);
      }
      int colon = header.indexOf(':');
      if (colon < 1 || count == HEADERS_MAX) {
        throw new IOException("the daemon's answer cannot be read");
      }
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
  }

  Response.Whole whole() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    InputStream content = content();
    byte[] buffer = new byte[16 * 1_024];
    for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
      if (body.size() + count > HttpLimits.ANSWER_BYTES_MAX) {
        throw new IOException("the daemon's answer is too large");
      }
      body.write(buffer, 0, count);
    }
    return answered(body.toByteArray());
  }

  Response.Whole lines(Consumer<String> lines) throws IOException {
    if (status / 100 != 2) {
      return whole();
    }
    InputStream content = content();
    for (int first = content.read(); first >= 0; first = content.read()) {
      lines.accept(rest(content, first, HttpLimits.ANSWER_LINE_BYTES_MAX));
    }
    return answered(new byte[0]);
  }

  private Response.Whole answered(byte[] body) {
    return new Response.Whole(status, headers.getOrDefault("content-type", ""), body);
  }

  private InputStream content() throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return new ChunkedInput(in);
    }
    String length = headers.getOrDefault("content-length", "");
    if (!length.matches("[0-9]{1,10}")) {
      throw new IOException("the daemon's answer has no length");
    }
    return new BoundedInput(in, Long.parseLong(length));
  }

  /** A line without its end; at the end of the stream, an exception. */
  static String line(InputStream in, int bytesMax) throws IOException {
    int first = in.read();
    if (first < 0) {
      throw new EOFException("the daemon closed the connection before it had answered");
    }
    return rest(in, first, bytesMax);
  }

  private static String rest(InputStream in, int first, int bytesMax) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int octet = first; octet >= 0 && octet != '\n'; octet = in.read()) {
      if (line.size() == bytesMax) {
        throw new IOException("a line of the daemon's answer is too long");
      }
      line.write(octet);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** Exactly so many bytes; fewer are an error. */
  private static final class BoundedInput extends InputStream {
    private final InputStream in;
    private long left;

    BoundedInput(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the daemon's answer broke off");
      }
      left -= count;
      return count;
    }
  }

  /** Chunks until the empty one; an end before it is an error. */
  private static final class ChunkedInput extends InputStream {
    private final InputStream in;
    private InputStream chunk = InputStream.nullInputStream();
    private boolean any;
    private boolean ended;

    ChunkedInput(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      while (!ended) {
        int count = chunk.read(target, offset, length);
        if (count >= 0) {
          return count;
        }
        next();
      }
      return -1;
    }

    private void next() throws IOException {
      if (any) {
        line(in, 2);
      }
      any = true;
      String size = line(in, 64);
      if (!size.matches("[0-9a-fA-F]{1,8}")) {
        throw new IOException("the daemon's answer cannot be read");
      }
      long length = Long.parseLong(size, 16);
      ended = length == 0;
      chunk = new BoundedInput(in, length);
    }
  }
}
