package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CountTest {
  @Test
  void onlyOneIsSingular() {
    assertEquals("0 paths", Count.of(0, "path"));
    assertEquals("1 path", Count.of(1, "path"));
    assertEquals("2 paths", Count.of(2, "path"));
    assertEquals("1 file is open", Count.of(1, "file is open", "files are open"));
    assertEquals("3 files are open", Count.of(3, "file is open", "files are open"));
  }
}
