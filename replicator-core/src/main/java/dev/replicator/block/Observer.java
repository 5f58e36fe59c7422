package dev.replicator.block;

import dev.replicator.port.CommandRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at one machine. Also files of the kernel are read by a program, because a read of one can
 * hang, and a program can be given up.
 */
final class Observer {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final String CAT = "/usr/bin/cat";
  private static final String BLKID = "/usr/sbin/blkid";
  private static final KernelLog.Cause NO_CAUSE = KernelLog.Cause.NONE;

  private final BlockConfig config;
  private final String disk;
  private final Commands commands;
  private final CommandRunner runner;
  private final ConfigurationFiles files;
  private final Memory memory;

  Observer(
      BlockConfig config,
      String self,
      CommandRunner runner,
      ConfigurationFiles files,
      Memory memory) {
    this.config = config;
    this.disk = config.node(self).orElseThrow().disk();
    this.commands = new Commands(config, self);
    this.runner = runner;
    this.files = files;
    this.memory = memory;
  }

  /** What a tool said; what became of it is told, not thrown. */
  @FunctionalInterface
  private interface Reading<T> {
    Seen<T> of(CommandRunner.Result result) throws UnreadableException;
  }

  Observation observe() throws InterruptedException {
    Seen<Optional<ProcDrbd>> proc = ask(this::proc, CAT, "/proc/drbd");
    boolean driven =
        proc.found()
            .flatMap(one -> one)
            .filter(one -> one.generation() == Generation.EIGHT)
            .isPresent();
    Seen<Observation.Files> configured = configured();
    Seen<Optional<Drbd>> drbd =
        driven
            ? ask(this::events, Commands.DRBDSETUP, "events2", "--now", "--statistics")
            : new Seen.Skipped<>();
    Optional<Drbd> resource = drbd.found().flatMap(one -> one);
    boolean usable = driven && clean(configured);
    Seen<MountTable> mounts =
        ask(result -> Seen.known(MountTable.parse(result.output())), CAT, "/proc/mounts");
    Seen<Observation.Mounted> mounted = mounted(mounts);
    String log = resource.isPresent() ? log() : "";
    boolean readable =
        resource.filter(one -> one.role() == Role.PRIMARY && !one.frozen()).isPresent()
            && mounted.equals(Seen.known(new Observation.Mounted.Nowhere()));
    return new Observation(
        module(proc),
        configured,
        drbd,
        proc.found()
            .flatMap(one -> one)
            .flatMap(one -> one.minor(config.minor()))
            .flatMap(ProcDrbd.Minor::progress),
        usable && resource.isEmpty() ? backing() : new Seen.Skipped<>(),
        usable && resource.isPresent() ? generation() : new Seen.Skipped<>(),
        resource.filter(one -> !one.connected()).isPresent()
            ? said(() -> KernelLog.cause(log, config.resource(), config.minor()), NO_CAUSE)
            : NO_CAUSE,
        stack(mounts),
        readable
            ? ask(
                result -> Seen.known(Content.parse(result.exitCode(), result.output())),
                BLKID,
                "-p",
                config.device())
            : new Seen.Skipped<>(),
        mounted,
        past(),
        said(() -> KernelLog.lastVerify(log, config.minor()), ""),
        usable && resource.isPresent() ? kernelDiffers(resource.get()) : List.of());
  }

  /** Where that cannot be read, nothing is done that takes a disk for a new one. */
  private Past past() {
    try {
      return memory.past();
    } catch (IOException unknown) {
      return Past.SERVED;
    }
  }

  /** What cannot be told is told as a difference: fencing may be off. */
  private List<String> kernelDiffers(Drbd resource) throws InterruptedException {
    Seen<List<String>> found =
        ask(
            result ->
                result.exitCode() == 0
                    ? Seen.known(
                        KernelOptions.differences(
                            result.output(), config, secret(), resource.connected()))
                    : refused(result, "drbdsetup show"),
            Commands.DRBDSETUP,
            "show",
            config.resource());
    return found.found().orElseGet(() -> List.of("it cannot be told by which: " + found.missing()));
  }

  private Secret secret() throws UnreadableException {
    try {
      return Agreement.of(config, files.secret(config.secretFile()));
    } catch (IOException failed) {
      throw new UnreadableException(String.valueOf(failed.getMessage()));
    }
  }

  private <T> Seen<T> ask(Reading<T> reading, String... arguments) throws InterruptedException {
    String tool = String.join(" ", arguments);
    try {
      return reading.of(runner.run(List.of(arguments), DEADLINE));
    } catch (IOException failed) {
      return new Seen.Failed<>(String.valueOf(failed.getMessage()));
    } catch (UnreadableException unreadable) {
      return new Seen.Failed<>(tool + ": " + unreadable.text());
    }
  }

  private static <T> Seen<T> refused(CommandRunner.Result result, String tool) {
    Refusal refusal =
        Refusal.of(result.exitCode(), result.output(), result.errors()).orElse(Refusal.OTHER);
    return new Seen.Failed<>(tool + " ended with " + result.exitCode() + ": " + refusal.text());
  }

  private Seen<Optional<ProcDrbd>> proc(CommandRunner.Result result) throws UnreadableException {
    if (result.exitCode() == 0) {
      return Seen.known(Optional.of(ProcDrbd.parse(result.output())));
    }
    return result.errors().contains("No such file")
        ? Seen.known(Optional.empty())
        : refused(result, "cat /proc/drbd");
  }

  private static Seen<Observation.Module> module(Seen<Optional<ProcDrbd>> proc) {
    return switch (proc) {
      case Seen.Known<Optional<ProcDrbd>>(Optional<ProcDrbd> found) ->
          Seen.known(
              found
                  .<Observation.Module>map(
                      one -> new Observation.Module.Loaded(one.version(), one.generation()))
                  .orElseGet(Observation.Module.Absent::new));
      case Seen.Failed<Optional<ProcDrbd>>(String why) -> new Seen.Failed<>(why);
      case Seen.Skipped<Optional<ProcDrbd>> _ -> new Seen.Skipped<>();
    };
  }

  private Seen<Optional<Drbd>> events(CommandRunner.Result result) throws UnreadableException {
    return result.exitCode() == 0
        ? Seen.known(EventBook.snapshot(result.output(), config.resource()))
        : refused(result, "drbdsetup events2");
  }

  private static boolean clean(Seen<Observation.Files> files) {
    return files
        .found()
        .filter(found -> found.outdated().isEmpty() && found.foreign().isEmpty())
        .isPresent();
  }

  private Seen<Observation.Files> configured() throws InterruptedException {
    for (String program : config.fencing().programs()) {
      if (!files.executable(program)) {
        return new Seen.Failed<>("fencing needs " + program + ", which is no program here");
      }
    }
    List<String> outdated = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    try {
      Secret secret = Agreement.of(config, files.secret(config.secretFile()));
      for (RenderedFile file : Rendering.files(config, secret, Generation.EIGHT)) {
        Optional<String> is = files.read(file.path());
        boolean ours = is.isEmpty() || is.get().startsWith(RenderedFile.MARK);
        if (!ours && file.foreign() == RenderedFile.Foreign.IN_THE_WAY) {
          foreign.add(file.path());
        } else if (ours && !is.equals(Optional.of(file.text()))) {
          outdated.add(file.path());
        }
      }
    } catch (IOException failed) {
      return new Seen.Failed<>(String.valueOf(failed.getMessage()));
    }
    if (!outdated.isEmpty() || !foreign.isEmpty()) {
      return Seen.known(new Observation.Files(outdated, foreign, List.of()));
    }
    // The whole of it: with a name, drbdadm leaves out what the resource inherits.
    return ask(this::read, Commands.DRBDADM, "dump-xml");
  }

  /** What drbdadm makes of the files. */
  private Seen<Observation.Files> read(CommandRunner.Result result) throws UnreadableException {
    if (result.exitCode() != 0) {
      return refused(result, "drbdadm dump-xml");
    }
    List<String> differences =
        Meaning.of(config, Generation.EIGHT)
            .differences(Meaning.parse(result.output(), config.resource()));
    return Seen.known(new Observation.Files(List.of(), List.of(), differences));
  }

  private Seen<Observation.Backing> backing() throws InterruptedException {
    Seen<Optional<List<String>>> users =
        ask(
            this::users,
            "/usr/bin/lsblk",
            "--raw",
            "--noheadings",
            "--output",
            "NAME,TYPE,MOUNTPOINT",
            disk);
    Seen<Boolean> metadata = ask(Observer::metadata, Commands.DRBDADM, "dstate", config.resource());
    Seen<Content> content =
        ask(
            result -> Seen.known(Content.parse(result.exitCode(), result.output())),
            BLKID,
            "-p",
            disk);
    if (users.found().filter(Optional::isEmpty).isPresent()) {
      return Seen.known(new Observation.Backing(false, false, new Content.Blank(), List.of()));
    }
    for (Seen<?> one : List.<Seen<?>>of(users, metadata, content)) {
      if (one.found().isEmpty()) {
        return new Seen.Failed<>(one.missing());
      }
    }
    return Seen.known(
        new Observation.Backing(
            true,
            metadata.found().orElseThrow(),
            content.found().orElseThrow(),
            users.found().orElseThrow().orElseThrow()));
  }

  /** Mounts of the disk or a partition, and devices on top; empty when there is no such disk. */
  private Seen<Optional<List<String>>> users(CommandRunner.Result result)
      throws UnreadableException {
    if (result.exitCode() != 0) {
      return result.errors().contains("not a block device")
          ? Seen.known(Optional.empty())
          : refused(result, "lsblk");
    }
    List<String> users = new ArrayList<>();
    List<String> lines = Lines.of(result.output());
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ", -1);
      if (words.length > 2 && !words[2].isEmpty()) {
        users.add(words[0] + " at " + words[2]);
      } else if (i > 0 && words.length > 1 && !words[1].equals("part")) {
        users.add(words[0] + " (" + words[1] + ")");
      }
    }
    return Seen.known(Optional.of(users));
  }

  private static Seen<Boolean> metadata(CommandRunner.Result result) {
    if (result.exitCode() == 0) {
      return Seen.known(true);
    }
    return Refusal.of(result.exitCode(), result.output(), result.errors())
            .equals(Optional.of(Refusal.NO_METADATA))
        ? Seen.known(false)
        : refused(result, "drbdadm dstate");
  }

  private Seen<GenerationIds> generation() throws InterruptedException {
    return ask(
        result ->
            result.exitCode() == 0
                ? Seen.known(GenerationIds.parse(result.output()))
                : refused(result, "drbdadm get-gi"),
        Commands.DRBDADM,
        "get-gi",
        config.resource());
  }

  /** Without the log the state is told all the same, only not why. */
  private String log() throws InterruptedException {
    return ask(result -> Seen.known(result.output()), "/usr/bin/dmesg").found().orElse("");
  }

  /** Something that the log says. */
  @FunctionalInterface
  private interface Saying<T> {
    T read() throws UnreadableException;
  }

  private static <T> T said(Saying<T> saying, T otherwise) {
    try {
      return saying.read();
    } catch (UnreadableException tooLong) {
      return otherwise;
    }
  }

  private Seen<Observation.Stack> stack(Seen<MountTable> mounts) throws InterruptedException {
    Seen<Boolean> modules =
        ask(
            result -> Seen.known(result.output().lines().anyMatch("o2cb"::equals)),
            CAT,
            "/sys/fs/ocfs2/loaded_cluster_plugins");
    Seen<Optional<ClusterTree>> cluster =
        ask(this::cluster, "/usr/bin/grep", "-r", ".", commands.clusterDirectory());
    for (Seen<?> one : List.<Seen<?>>of(mounts, modules, cluster)) {
      if (one.found().isEmpty()) {
        return new Seen.Failed<>(one.missing());
      }
    }
    MountTable table = mounts.found().orElseThrow();
    return Seen.known(
        new Observation.Stack(
            modules.found().orElseThrow(),
            table.has("configfs"),
            table.has("ocfs2_dlmfs"),
            cluster.found().orElseThrow()));
  }

  /** Grep cannot read some entries of it, and ends with 2 for that as well. */
  private Seen<Optional<ClusterTree>> cluster(CommandRunner.Result result)
      throws UnreadableException {
    return Seen.known(
        result.output().isBlank()
            ? Optional.empty()
            : Optional.of(ClusterTree.parse(result.output(), commands.clusterDirectory())));
  }

  private Seen<Observation.Mounted> mounted(Seen<MountTable> mounts) {
    if (!(mounts instanceof Seen.Known<MountTable>(MountTable table))) {
      return new Seen.Failed<>(mounts.missing());
    }
    Optional<MountTable.Mount> here = table.at(config.fileSystem().mountPoint());
    if (here.isPresent()) {
      MountTable.Mount mount = here.get();
      return Seen.known(
          mount.source().equals(config.device())
              ? new Observation.Mounted.Here(mount.options().contains("rw"))
              : new Observation.Mounted.Covered(mount.source()));
    }
    return Seen.known(
        table
            .of(config.device())
            .<Observation.Mounted>map(mount -> new Observation.Mounted.Elsewhere(mount.target()))
            .orElseGet(Observation.Mounted.Nowhere::new));
  }
}
