package dev.replicator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Linker;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The walls between the packages of the engine. */
class ArchitectureTest {
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.replicator");

  /** Each package, and what it may use of the others. */
  enum Part {
    PROTO,
    MODEL,
    CONTENT(MODEL),
    FILTER(MODEL),
    KERNEL(MODEL, FILTER, CONTENT),
    CODEC(MODEL, PROTO),
    PORT(MODEL),
    JOURNAL(PORT, MODEL, CODEC),
    LINUX(PORT, MODEL),
    PORTABLE(PORT, MODEL),
    HOST(PORT),
    VAULT(PORT, MODEL),
    RUNTIME(MODEL, KERNEL, CONTENT, FILTER, CODEC, PORT, VAULT),
    // Its roots are ReplicatedRoots of the runtime; the kernel and the journal stay unknown to it.
    BLOCK(PORT, MODEL, RUNTIME);

    private final List<Part> mayUse;

    Part(Part... mayUse) {
      this.mayUse = List.of(mayUse);
    }

    String packages() {
      return "dev.replicator." + name().toLowerCase(Locale.ROOT) + "..";
    }

    static String[] packages(Stream<Part> parts) {
      return parts.map(Part::packages).toArray(String[]::new);
    }
  }

  private static final String[] PURE_ZONE =
      Part.packages(Stream.of(Part.MODEL, Part.KERNEL, Part.CONTENT, Part.FILTER, Part.CODEC));

  private static final DescribedPredicate<JavaClass> OPENS_BY_PATH =
      describe(
          "open by path",
          c ->
              Stream.of(
                      Files.class,
                      File.class,
                      FileInputStream.class,
                      FileOutputStream.class,
                      RandomAccessFile.class)
                  .anyMatch(c::isEquivalentTo));

  private static final String[] IMPURE_PACKAGES = {
    "java.io..",
    "java.lang.foreign..",
    "java.net..",
    "java.nio.channels..",
    "java.nio.file..",
    "java.util.concurrent..",
    "java.util.logging..",
    "java.util.random..",
    "io.methvin..",
    "io.netty..",
    "org.rocksdb..",
    "org.slf4j..",
  };

  private static final List<Class<?>> IMPURE =
      List.of(
          Clock.class,
          Process.class,
          ProcessBuilder.class,
          Random.class,
          Runtime.class,
          SecureRandom.class,
          SplittableRandom.class,
          System.Logger.class,
          Thread.class);

  private static final List<Class<?>> PURE_ALL_THE_SAME =
      List.of(
          ByteArrayInputStream.class,
          ByteArrayOutputStream.class,
          TimeUnit.class,
          UncheckedIOException.class);

  /** How a preset is read from the class path. */
  private static final List<Class<?>> PURE_IN_FILTER =
      List.of(InputStream.class, IOException.class);

  @ParameterizedTest
  @EnumSource
  void usesOnlyThePackagesItMay(Part part) {
    String[] allowed = Part.packages(Stream.concat(Stream.of(part), part.mayUse.stream()));
    check(
        noClasses()
            .that()
            .resideInAPackage(part.packages())
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.replicator..").and(resideOutsideOfPackages(allowed))));
  }

  @Test
  void everyClassIsInAKnownPackage() {
    check(classes().should().resideInAnyPackage(Part.packages(Arrays.stream(Part.values()))));
  }

  @ParameterizedTest
  @EnumSource(names = {"MODEL", "KERNEL", "CONTENT", "FILTER", "CODEC"})
  void pureZoneKnowsNoFileSocketThreadLoggerOrRandomSource(Part part) {
    var allowed =
        Stream.concat(
                PURE_ALL_THE_SAME.stream(),
                part == Part.FILTER ? PURE_IN_FILTER.stream() : Stream.of())
            .map(Class::getName)
            .toList();
    check(
        noClasses()
            .that()
            .resideInAPackage(part.packages())
            .should()
            .dependOnClassesThat(
                describe("are impure", c -> isImpure(c) && !allowed.contains(c.getName()))));
  }

  /** What touches the machine; all the rest of block decides, and is pure. */
  private static final List<String> ACTS_IN_BLOCK =
      List.of(
          "ArbiterDesk",
          "ArbiterReports",
          "BlockDesk",
          "BlockRoot",
          "BlockRun",
          "Changes",
          "ConfigurationFiles",
          "DiskFiles",
          "FootingObserver",
          "Memory",
          "Observer",
          "SignsOfLife");

  @Test
  void onlyItsRunnerTouchesTheMachineInBlock() {
    check(
        noClasses()
            .that()
            .resideInAPackage(Part.BLOCK.packages())
            .and(
                describe(
                    "decide",
                    decides ->
                        ACTS_IN_BLOCK.stream()
                            .noneMatch(
                                acts -> decides.getName().matches(".*\\." + acts + "(\\$.*)?"))))
            .should()
            .dependOnClassesThat(describe("are impure", ArchitectureTest::isImpure)));
  }

  @Test
  void onlyTheRootOfBlockKnowsTheRuntime() {
    check(
        noClasses()
            .that()
            .resideInAPackage(Part.BLOCK.packages())
            .and(describe("are not the root", c -> !c.getName().endsWith(".BlockRoot")))
            .should()
            .dependOnClassesThat(resideInAPackage(Part.RUNTIME.packages())));
  }

  @Test
  void pureZoneReadsNoClockAndDrawsNothing() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE_ZONE)
            .should()
            .accessTargetWhere(describe("it reads a clock or draws", this::readsOrDraws)));
  }

  @Test
  void onlyTheCodecKnowsTheGeneratedClasses() {
    checkOnly(resideInAPackage("dev.replicator.proto.."), Part.CODEC, Part.PROTO);
  }

  @Test
  void onlyTheJournalKnowsRocksDb() {
    checkOnly(resideInAPackage("org.rocksdb.."), Part.JOURNAL);
  }

  @Test
  void onlyThePortableWatcherKnowsDirectoryWatcher() {
    checkOnly(resideInAPackage("io.methvin.."), Part.PORTABLE);
  }

  @Test
  void onlyLinuxCallsNativeCode() {
    checkOnly(resideInAPackage("java.lang.foreign.."), Part.LINUX);
  }

  /** One class asks for functions of the C library; the others call what it found. */
  @Test
  void oneClassLinksNativeCode() {
    checkOnlyIn(
        List.of("linux.CLibrary"),
        Part.LINUX,
        describe("link", c -> c.isEquivalentTo(Linker.class)));
  }

  /** All else that linux does with a path goes from a held descriptor. */
  @Test
  void linuxOpensByPathNothingButItsOwnDirectoriesAndSettingsOfTheKernel() {
    checkOnlyIn(
        List.of("linux.Workplace", "linux.WatchLimits", "linux.MountPoints"),
        Part.LINUX,
        OPENS_BY_PATH);
  }

  /** It sees files through its ports; the command that a root runs is looked at before it runs. */
  @Test
  void runtimeOpensNothingByPath() {
    checkOnlyIn(List.of("runtime.AfterApply"), Part.RUNTIME, OPENS_BY_PATH);
  }

  /** Who shortens a mapped file ends the process that reads it. */
  @Test
  void nobodyMapsFilesIntoMemory() {
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                describe(
                    "it maps a file",
                    access ->
                        access.getName().equals("map")
                            && access.getTargetOwner().isAssignableTo(FileChannel.class))));
  }

  @Test
  void onlyTheHostStartsProcesses() {
    checkOnly(
        describe(
            "start processes",
            c -> c.isEquivalentTo(ProcessBuilder.class) || c.isEquivalentTo(Process.class)),
        Part.HOST);
  }

  private static boolean isImpure(JavaClass used) {
    return resideInAnyPackage(IMPURE_PACKAGES).test(used)
        || IMPURE.stream().anyMatch(used::isEquivalentTo);
  }

  private boolean readsOrDraws(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return switch (access.getName()) {
      case "now" -> owner.getPackageName().equals("java.time");
      case "nanoTime", "currentTimeMillis" -> owner.isEquivalentTo(System.class);
      case "random" -> owner.isEquivalentTo(Math.class);
      case "randomUUID" -> owner.isEquivalentTo(UUID.class);
      default -> false;
    };
  }

  /** Of one part none but {@code users}, and what is in them, uses {@code used}. */
  private static void checkOnlyIn(
      List<String> users, Part part, DescribedPredicate<? super JavaClass> used) {
    List<String> names = users.stream().map(user -> "dev.replicator." + user).toList();
    check(
        noClasses()
            .that()
            .resideInAPackage(part.packages())
            .and(
                describe(
                    "are others",
                    c ->
                        names.stream()
                            .noneMatch(name ->
                                c.getName().equals(name) || c.getName().startsWith(name + "$"))))
            .should()
            .dependOnClassesThat(used));
  }

  private static void checkOnly(DescribedPredicate<? super JavaClass> used, Part... users) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(Part.packages(Arrays.stream(users)))
            .should()
            .dependOnClassesThat(used));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(ENGINE);
  }
}
