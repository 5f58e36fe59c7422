package dev.replicator.kernel;

import dev.replicator.model.Census;
import dev.replicator.model.FileKey;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What the kernel reads of the journal. Holds every append that was issued, confirmed or not. */
public interface IndexView {
  Optional<RootState> root();

  Optional<RecordState> record(RelativePath path);

  SortedMap<RelativePath, RecordState> recordsAfter(RelativePath after, int limit);

  RecordRange rangeAfter(RelativePath after, Optional<RelativePath> through, int limit);

  List<Map.Entry<RelativePath, RecordState>> changesAfter(long number, int limit);

  Optional<Materialised> materialised(RelativePath path);

  SortedMap<RelativePath, Materialised> materialisedAfter(RelativePath after, int limit);

  /** What is below {@code directory}, and behind {@code after}, which is below it as well. */
  SortedMap<RelativePath, Materialised> materialisedBelow(
      RelativePath directory, RelativePath after, int limit);

  List<RelativePath> namesOf(FileKey file, int limit);

  Census census();

  long materialisedCount();

  SortedMap<RelativePath, Intent> intents();

  Optional<Pending> pending(RelativePath path);

  SortedMap<RelativePath, Pending> pendingAfter(RelativePath after, int limit);

  long pendingCount();

  SortedMap<NodeId, PeerProgress> peers();

  List<HistoryItem> history(RelativePath path, int limit);
}
