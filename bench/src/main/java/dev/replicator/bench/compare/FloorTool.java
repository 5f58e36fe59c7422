package dev.replicator.bench.compare;

import dev.replicator.bench.BenchException;
import dev.replicator.bench.Trees;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * The floor: what a program without a journal, a cipher or any care needs. inotify tells of a
 * closed file, which is read and sent over a loopback connection; the receiver writes it under
 * another name and renames it.
 */
final class FloorTool implements Tool {
  static final String NAME = "floor";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> version() {
    return Optional.of("bare inotify-to-socket copy loop");
  }

  @Override
  public String debianPackage() {
    return "";
  }

  @Override
  public String settings() {
    return "one thread on each side within the harness; names and contents only";
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.LIVE);
  }

  @Override
  public Trees.Promise promise() {
    return new Trees.Promise(false, false, Trees.Times.NOT_KEPT);
  }

  @Override
  public Pair open(Site site) throws IOException {
    Inotify inotify = Inotify.open();
    try (Stream<Path> all = Files.walk(site.a())) {
      for (Path directory : all.filter(Files::isDirectory).toList()) {
        inotify.watch(directory);
      }
      return Loop.start(site, inotify);
    } catch (IOException failure) {
      inotify.close();
      throw failure;
    }
  }

  private record Loop(
      Inotify inotify,
      ServerSocket listening,
      Socket sending,
      Socket receiving,
      Queue<String> failures)
      implements Pair {

    static Loop start(Site site, Inotify inotify) throws IOException {
      ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      int port = site.link().toward(listening.getLocalPort());
      Socket sending = new Socket(InetAddress.getLoopbackAddress(), port);
      sending.setTcpNoDelay(true);
      Loop loop =
          new Loop(inotify, listening, sending, listening.accept(), new ConcurrentLinkedQueue<>());
      Thread.ofPlatform().daemon().name("floor-sender").start(() -> loop.send(site.a()));
      Thread.ofPlatform().daemon().name("floor-receiver").start(() -> loop.receive(site.b()));
      return loop;
    }

    private void send(Path tree) {
      try {
        DataOutputStream out = new DataOutputStream(sending.getOutputStream());
        while (true) {
          for (Path file : inotify.take()) {
            byte[] content = Files.readAllBytes(file);
            out.writeUTF(tree.relativize(file).toString());
            out.writeInt(content.length);
            out.write(content);
            out.flush();
          }
        }
      } catch (IOException wrong) {
        if (!sending.isClosed()) {
          failures.add("the sender ended: " + wrong);
        }
      }
    }

    private void receive(Path tree) {
      Path staged = tree.resolveSibling("floor-staged");
      try (DataInputStream in = new DataInputStream(receiving.getInputStream())) {
        while (true) {
          String name = in.readUTF();
          Files.write(staged, in.readNBytes(in.readInt()));
          Files.move(staged, tree.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
      } catch (EOFException | SocketException ended) {
        // The sender is done, or says why it is not.
      } catch (IOException wrong) {
        failures.add("the receiver ended: " + wrong);
      }
    }

    @Override
    public void settle() {}

    @Override
    public void leave() {
      throw new BenchException("the floor has no peer");
    }

    @Override
    public void comeBack() {
      throw new BenchException("the floor has no peer");
    }

    @Override
    public void halt() {
      throw new BenchException("the floor does not stop");
    }

    @Override
    public void start() {
      throw new BenchException("the floor does not start again");
    }

    @Override
    public void resync() {
      throw new BenchException("the floor compares nothing");
    }

    @Override
    public List<Long> processes() {
      return List.of();
    }

    @Override
    public void requireAlive() {
      for (String failure : failures) {
        throw new BenchException(failure);
      }
    }

    @Override
    public void close() {
      for (AutoCloseable each : List.of(sending, receiving, listening)) {
        try {
          each.close();
        } catch (Exception _) {
          // It is of no use any more.
        }
      }
      inotify.close();
    }
  }
}
