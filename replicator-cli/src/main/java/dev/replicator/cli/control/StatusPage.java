package dev.replicator.cli.control;

/** One plain page for a browser; everything that comes from outside is escaped. */
final class StatusPage {
  private StatusPage() {}

  static String write(StatusJson status) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">")
        .append("<meta http-equiv=\"refresh\" content=\"5\"><title>replicator ")
        .append(escape(status.node().name()))
        .append("</title><style>body{font:15px sans-serif;margin:2em}table{border-collapse:")
        .append("collapse;margin:1em 0}td,th{padding:.3em 1em;border-bottom:1px solid #ccc;")
        .append("text-align:left}</style><h1>")
        .append(escape(status.node().name()))
        .append("</h1><p>")
        .append(
            status.node().notReady().isEmpty()
                ? "ready"
                : "not ready: " + escape(String.join("; ", status.node().notReady())))
        .append("</p>");
    row(page.append("<table>"), "th", "root", "state", "entries", "pending", "conflicts");
    for (StatusJson.Root root : status.roots()) {
      row(
          page,
          "td",
          root.name(),
          root.reason().isEmpty() ? root.state() : root.state() + ": " + root.reason(),
          Long.toString(root.entries()),
          Long.toString(root.pending()),
          Long.toString(root.conflicts()));
    }
    row(page.append("</table><table>"), "th", "peer", "connected", "lag", "behind");
    for (StatusJson.Peer peer : status.peers()) {
      row(
          page,
          "td",
          peer.name(),
          peer.connected() ? "yes" : "no",
          peer.lagMillis().isPresent() ? peer.lagMillis().getAsLong() + " ms" : "unknown",
          Long.toString(peer.behind()));
    }
    return page.append("</table></html>\n").toString();
  }

  private static void row(StringBuilder page, String tag, String... cells) {
    page.append("<tr>");
    for (String cell : cells) {
      page.append('<').append(tag).append('>').append(escape(cell));
      page.append("</").append(tag).append('>');
    }
    page.append("</tr>");
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
