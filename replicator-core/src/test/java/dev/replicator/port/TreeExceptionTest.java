package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Problem.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TreeExceptionTest {
  @ParameterizedTest
  @CsvSource({
    "File name too long, NAME_TOO_LONG",
    "No space left on device, DISK_FULL",
    "Disk quota exceeded, DISK_FULL",
    "Read-only file system, READ_ONLY",
    "Operation not permitted, PERMISSION",
    "Permission denied, PERMISSION",
    "Directory not empty, OBSTRUCTED",
    "File too large, TOO_LARGE",
    "Operation not supported, UNSUPPORTED",
    "Input/output error, INPUT_OUTPUT",
  })
  void knowsAProblemByTheTextOfTheSystem(String text, Kind kind) {
    assertEquals(kind, TreeException.problemOf(new FileSystemException("a", "b", text)).kind());
    assertEquals(kind, TreeException.problemOf(new IOException(text)).kind());
  }

  @Test
  void knowsAProblemByTheKindOfException() {
    assertEquals(Kind.PERMISSION, TreeException.problemOf(new AccessDeniedException("a")).kind());
    assertEquals(
        Kind.OBSTRUCTED, TreeException.problemOf(new DirectoryNotEmptyException("a")).kind());
    assertEquals(Kind.INPUT_OUTPUT, TreeException.problemOf(new IOException()).kind());
  }
}
