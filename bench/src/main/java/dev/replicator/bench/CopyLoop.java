package dev.replicator.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The floor: what a program without a watcher, journal, cipher or any care needs. The writer itself
 * tells the sender, who reads the file and sends it over a loopback connection; the receiver writes
 * it under another name and renames it.
 */
final class CopyLoop {
  private static final int FILES_MAX = 100;
  private static final int WARM_UP = 20;

  private CopyLoop() {}

  static Figures measure(Path home, LagOptions options) throws IOException {
    Path source = Files.createDirectories(home.resolve("floor-source"));
    Path target = Files.createDirectories(home.resolve("floor-target"));
    Histogram micros = new Histogram(3);
    SplittableRandom random = new SplittableRandom(options.seed());
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket sending = new Socket(listening.getInetAddress(), listening.getLocalPort());
        Socket receiving = listening.accept()) {
      sending.setTcpNoDelay(true);
      Thread.ofPlatform().daemon().name("floor").start(() -> receive(receiving, target));
      DataOutputStream out = new DataOutputStream(sending.getOutputStream());
      int files = Math.min(FILES_MAX, options.files()) + WARM_UP;
      for (int i = 0; i < files; i++) {
        byte[] content = new byte[options.sizeBytes()];
        random.nextBytes(content);
        Files.write(source.resolve("file-" + i), content);
        long closed = System.nanoTime();
        byte[] read = Files.readAllBytes(source.resolve("file-" + i));
        out.writeInt(i);
        out.writeInt(read.length);
        out.write(read);
        out.flush();
        long lag = Probe.seen(target.resolve("file-" + i), content) - closed;
        if (i >= WARM_UP) {
          micros.recordValue(lag / 1_000);
        }
        LockSupport.parkNanos(10_000_000);
      }
    }
    return Figures.of(micros);
  }

  private static void receive(Socket connection, Path target) {
    try (DataInputStream in = new DataInputStream(connection.getInputStream())) {
      while (true) {
        String name = "file-" + in.readInt();
        Path staged = target.resolve(name + ".tmp");
        Files.write(staged, in.readNBytes(in.readInt()));
        Files.move(staged, target.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException _) {
      // The sender is done.
    }
  }
}
