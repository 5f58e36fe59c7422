package dev.replicator.model;

/** What shows when two trees meet for the first time and a path differs. */
public enum Initial {
  UNION,
  MINE,
  THEIRS
}
