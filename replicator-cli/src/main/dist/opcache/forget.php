<?php
// Run by PHP-FPM for the script beside it, never by a web server: it answers no other request.
if (!isset($_SERVER['REPLICATOR_ROOT']) || isset($_SERVER['REMOTE_ADDR'])) {
    http_response_code(404);
    exit;
}
if (function_exists('opcache_reset')) {
    $paths = array_filter(explode("\0", file_get_contents('php://input')), 'strlen');
    // Names that are not given: all may have changed.
    if (!$paths && !opcache_reset()) {
        exit('opcache_reset is refused: see opcache.restrict_api');
    }
    foreach ($paths as $path) {
        opcache_invalidate($_SERVER['REPLICATOR_ROOT'] . '/' . $path, true);
    }
}
clearstatcache(true);
echo 'replicator: forgotten';
