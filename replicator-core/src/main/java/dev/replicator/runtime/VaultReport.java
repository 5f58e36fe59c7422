package dev.replicator.runtime;

import dev.replicator.vault.Filling;

/**
 * What a root keeps of what was replaced and deleted. All is zero before the first look, a minute
 * after the start.
 *
 * @param bytes that it takes of its disk, versions of open conflicts among them
 * @param bytesMax of what is no version of an open conflict
 * @param oldestMillis since when, of what is no version of an open conflict; 0 when there is none
 */
public record VaultReport(long bytes, long bytesMax, long versions, long oldestMillis) {
  public static final VaultReport NONE = new VaultReport(0, 0, 0, 0);

  static VaultReport of(Filling.Level level) {
    return new VaultReport(level.bytes(), level.bytesMax(), level.versions(), level.oldestMillis());
  }
}
