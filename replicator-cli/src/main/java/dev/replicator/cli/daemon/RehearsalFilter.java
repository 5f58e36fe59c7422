package dev.replicator.cli.daemon;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps out of the log what the two nodes of a {@link Rehearsal} say: they are none of the
 * administrator's. Their threads are told by their group. Named in {@code logback.xml}.
 */
public final class RehearsalFilter extends Filter<ILoggingEvent> {
  @Override
  public FilterReply decide(ILoggingEvent event) {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    boolean theirs = group != null && group.getName().equals(Rehearsal.NAME);
    boolean own = event.getLoggerName().equals(Rehearsal.class.getName());
    return theirs && !own ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
