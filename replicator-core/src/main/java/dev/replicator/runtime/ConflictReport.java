package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.util.List;

/** A path whose surviving versions differ; the visible one first. */
public record ConflictReport(RelativePath path, List<VersionReport> versions) {}
