/** Micro benchmarks of core's ports beside what the Java library offers for the same. */
@NullMarked
package dev.replicator.bench.micro;

import org.jspecify.annotations.NullMarked;
