package dev.replicator.runtime;

import dev.replicator.kernel.Effect;
import java.util.List;

/** Which effects work on one path of the disk. */
final class DiskEffects {
  private DiskEffects() {}

  /** Whether there is one among {@code wanted}, and no other. */
  static boolean isOne(List<Effect> wanted) {
    return wanted.stream().filter(DiskEffects::isOnDisk).count() == 1;
  }

  private static boolean isOnDisk(Effect effect) {
    return switch (effect) {
      case Effect.Inspect it -> true;
      case Effect.Stage it -> true;
      case Effect.Exchange it -> true;
      case Effect.PlaceGroup it -> true;
      case Effect.Keep it -> true;
      case Effect.Recall it -> true;
      case Effect.Append it -> false;
      case Effect.Send it -> false;
      case Effect.Disconnect it -> false;
      case Effect.Renew it -> false;
      case Effect.Scan it -> false;
      case Effect.CheckRoot it -> false;
      case Effect.AcceptRoot it -> false;
      case Effect.Discard it -> false;
      case Effect.AwaitWriter it -> false;
      case Effect.Sync it -> false;
      case Effect.Flush it -> false;
      case Effect.DrawIdentity it -> false;
      case Effect.Reply it -> false;
      case Effect.Alarm it -> false;
      case Effect.Abandon it -> false;
    };
  }
}
