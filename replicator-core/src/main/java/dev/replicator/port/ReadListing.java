package dev.replicator.port;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A directory that was read to its end before anybody asked. */
final class ReadListing implements Tree.Listing {
  private final Iterator<Tree.Child> rest;

  ReadListing(List<Tree.Child> children) {
    this.rest = children.iterator();
  }

  @Override
  public List<Tree.Child> next(int limit) {
    List<Tree.Child> page = new ArrayList<>();
    while (page.size() < limit && rest.hasNext()) {
      page.add(rest.next());
    }
    return page;
  }

  @Override
  public void close() {}
}
