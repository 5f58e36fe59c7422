package dev.replicator.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths are below wp-content; a trailing '/' marks a directory. */
final class WordPressPresetTest {
  private static final ParsedRules.Usable PRESET = Rules.usable(Preset.WORDPRESS.source());
  private static final FilterRules RULES = PRESET.rules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "index.php",
        "uploads/",
        "uploads/2026/11/photo.jpg",
        "uploads/2026/11/Holiday-Photo-300x225.jpg",
        "uploads/2026/11/index.php",
        "uploads/fonts/inter.woff2",
        "uploads/wp-personal-data-exports/export.zip",
        "uploads/elementor/css/post-7.css",
        "uploads/woocommerce_uploads/.htaccess",
        "uploads/2026/11/upload.tmp",
        "uploads/2026/11/cache/photo.jpg",
        "et-cache/12/style.css",
        "cache/autoptimize/",
        "cache/autoptimize/css/autoptimize_1234.css",
        "cache/min/1/app.js",
        "cache/minify/a1b2.css",
        "cache/wpo-minify/1/assets/x.css",
        "plugins/",
        "plugins/akismet/akismet.php",
        "plugins/tutor-pro/cache/x.php",
        "plugins/tutor-pro/cache/",
        "plugins/elementor/core/upgrade/manager.php",
        "plugins/elementor/core/upgrade/",
        "plugins/x/temp/y.php",
        "plugins/x/logs/z.log",
        "plugins/x/database/schema.php",
        "plugins/x/src/sess_handler.php",
        "plugins/x/drivers/class.sqlite.php",
        "plugins/x/drivers/pdo.sqlite.inc.php",
        "plugins/sqlite-database-integration/db.copy",
        "themes/twentytwentyfive/functions.php",
        "themes/x/cache/y.php",
        "mu-plugins/loader.php",
        "mu-plugins/cache/x.php",
        "languages/de_DE.mo",
        "languages/plugins/akismet-de_DE.l10n.php",
        "advanced-cache.php",
        "object-cache.php",
        "db.php",
        "db-error.php",
        "sunrise.php",
        "maintenance.php",
        "blog-deleted.php",
        "wp-cache-config.php",
        "w3tc-config/master.php",
        "wp-rocket-config/example.com.php",
        "upgrades/notes.txt",
        "cached/x",
      })
  void replicates(String path) {
    assertEquals(Verdict.REPLICATE, Rules.decide(RULES, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".replicator/",
        ".replicator/staging/1",
        "upgrade/",
        "upgrade/demo-v1/demo/demo.php",
        "upgrade/core/wordpress/index.php",
        "upgrade-temp-backup/plugins/demo/demo.php",
        "cache/",
        "cache/x",
        "cache/wp-rocket/example.com/index.html",
        "cache/autoptimize.log/x",
        "litespeed/x",
        "endurance-page-cache/x",
        "uploads/cache/x.jpg",
        "wflogs/",
        "wflogs/config-synced.php",
        "jetpack-waf/rules.php",
        "debug.log",
        "php_errors.log",
        "plugins/x/error_log",
        "uploads/2026/php_errorlog",
        "uploads/wc-logs/fatal-errors.log",
        "uploads/simple-history-logs/x",
        "uploads/sub/x-logs/y.txt",
        "updraft/backup.zip",
        "ai1wm-backups/site.wpress",
        "backups-dup-lite/x.zip",
        "backups-dup-pro/x.zip",
        "wpvividbackups/x.zip",
        "backuply/x.tar.gz",
        "backup-db/x.sql",
        "uploads/backwpup-abc123-backups/x.zip",
        "uploads/backupbuddy_backups/x.zip",
        "photo-Xy12.tmp",
        "uploads/.nfs0000000000a1",
        "uploads/.fuse_hidden0001",
        "plugins/x/y.php~",
        "themes/x/.style.css.swp",
        "themes/x/4913",
        "uploads/.DS_Store",
        "uploads/2026/Thumbs.db",
        "uploads/sess_0123456789abcdef",
        "sess_0123456789abcdef",
        "plugins/x/.git/",
        "plugins/x/.git/objects/12/34",
        "plugins/x/.git/sess_1.php",
        ".git/HEAD",
        "themes/x/.svn/entries",
      })
  void leavesToEachNode(String path) {
    assertInstanceOf(Verdict.Local.class, Rules.decide(RULES, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "database/",
        "database/.ht.sqlite",
        "database/.ht.sqlite.php",
        "database/.htaccess",
        "uploads/.ht.sqlite-wal",
        "plugins/x/.ht.sqlite.php",
        "uploads/store.sqlite",
        "uploads/store.sqlite3-journal",
        "plugins/x/data.sqlite",
        "plugins/x/data.db-wal",
        "plugins/x/data.db-shm",
        "data.db-journal",
      })
  void refusesAndSaysWhy(String path) {
    Verdict.Refuse refusal = assertInstanceOf(Verdict.Refuse.class, Rules.decide(RULES, path));
    assertTrue(refusal.reason().contains("several nodes"));
  }

  @Test
  void wordsThatOnlyDirectoriesStandForAreFilesOtherwise() {
    assertTrue(Rules.replicates(RULES, "cache"));
    assertTrue(Rules.replicates(RULES, "plugins/x/.git"));
  }

  @Test
  void listsTheCacheForTheSakeOfWhatIsTakenBackAndNothingElse() {
    assertTrue(RULES.mayReplicateBelow(RelativePath.of("cache")));
    assertTrue(RULES.mayReplicateBelow(RelativePath.of("cache/min")));
    assertFalse(RULES.mayReplicateBelow(RelativePath.of("cache/wp-rocket")));
    assertFalse(RULES.mayReplicateBelow(RelativePath.of("upgrade")));
    assertFalse(RULES.mayReplicateBelow(RelativePath.of("wflogs")));
    assertFalse(RULES.mayReplicateBelow(RelativePath.of("database")));
    assertFalse(RULES.mayReplicateBelow(RelativePath.of(".replicator")));
    assertFalse(RULES.mayReplicateBelow(RelativePath.of("uploads/.git")));
  }

  @Test
  void givesNoWarningsAndAReasonForEveryRule() {
    assertEquals(List.of(), PRESET.warnings());
    for (Rule rule : RULES.rules()) {
      assertFalse(rule.reason().isEmpty(), rule.toString());
    }
  }

  @Test
  void isFoundByItsName() {
    assertEquals(Optional.of(Preset.WORDPRESS), Preset.named("wordpress"));
    assertEquals(Optional.empty(), Preset.named("WordPress"));
  }

  @Test
  void configurationOverrulesIt() {
    FilterRules rules =
        Rules.usable(
                Preset.WORDPRESS.source(),
                new RuleSource.Patterns("exclude", Action.LOCAL, List.of("/uploads/private/")),
                new RuleSource.Patterns("include", Action.REPLICATE, List.of("/updraft/")))
            .rules();

    assertFalse(Rules.replicates(rules, "uploads/private/x.jpg"));
    assertTrue(Rules.replicates(rules, "updraft/backup.zip"));
    assertTrue(Rules.replicates(rules, "uploads/x.jpg"));
  }
}
