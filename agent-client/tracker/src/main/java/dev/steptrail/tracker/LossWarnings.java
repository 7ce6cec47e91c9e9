package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.LossReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logs one warning for each reason when losses begin, and one when there were none for a while, however many there are in
 * between. Any thread may note a loss, which costs it a look into a map; only the writer thread logs.
 */
final class LossWarnings {
    private final Duration quietPeriod;
    private final Map<LossReason, String> noted = new ConcurrentHashMap<>();

    /** When a loss of a reason that was warned of was last noted. Used by the writer thread alone. */
    private final Map<LossReason, Long> ongoing = new EnumMap<>(LossReason.class);

    /** Losses have ended when none was noted for {@code quietPeriod}. */
    LossWarnings(Duration quietPeriod) {
        this.quietPeriod = quietPeriod;
    }

    /** Notes a loss; {@code message} is logged if it is the first one for this reason. */
    void note(LossReason reason, String message) {
        noted.putIfAbsent(reason, message);
    }

    /** Logs what is due. */
    void log() {
        if (!areOngoing()) {
            return;
        }
        long now = System.nanoTime();
        for (LossReason reason : LossReason.values()) {
            String message = noted.remove(reason);
            Long last = ongoing.get(reason);
            if (message != null) {
                ongoing.put(reason, now);
                if (last == null) {
                    TrackerLog.warn(message);
                }
            } else if (last != null && now - last >= quietPeriod.toNanos()) {
                ongoing.remove(reason);
                TrackerLog.warn(
                        "No loss of the kind " + reason.key() + " for " + Math.max(1, quietPeriod.toSeconds()) + " s");
            }
        }
    }

    /** Whether something is still to be logged. */
    boolean areOngoing() {
        return !noted.isEmpty() || !ongoing.isEmpty();
    }

    Duration quietPeriod() {
        return quietPeriod;
    }
}
