package dev.replicator.bench.compare;

import java.util.Locale;

/** What a figure counts. Less is better, where it is compared at all. */
enum Unit {
  SECONDS("s", true),
  MILLISECONDS("ms", true),
  BYTES("bytes", true),
  MEBIBYTES("MiB", true),
  PERCENT("%", true),
  /** How much was looked at; no result of its own. */
  COUNT("", false);

  private final String symbol;
  private final boolean compared;

  Unit(String symbol, boolean compared) {
    this.symbol = symbol;
    this.compared = compared;
  }

  String symbol() {
    return symbol;
  }

  boolean isCompared() {
    return compared;
  }

  /** Three digits that count, and the unit. */
  String text(double value) {
    String number =
        this == BYTES || this == COUNT ? String.format(Locale.ROOT, "%,.0f", value) : digits(value);
    return symbol.isEmpty() ? number : number + " " + symbol;
  }

  /** Three digits that count. */
  static String digits(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.995 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
