package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.LossReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits the warnings about losses: for each reason, one when losses start, and one when there were none for a quiet
 * period. Any thread may note a loss; only the writer thread logs, so that a slow log does not delay the agent.
 */
final class LossWarnings {
    private final Duration quietPeriod;
    private final Map<LossReason, String> noted = new ConcurrentHashMap<>();

    /** When the last loss was noted, by reason, for ongoing losses. Used by the writer thread alone. */
    private final Map<LossReason, Long> ongoing = new EnumMap<>(LossReason.class);

    /** @param quietPeriod how long there must be no loss before losses count as ended */
    LossWarnings(Duration quietPeriod) {
        this.quietPeriod = quietPeriod;
    }

    /** Notes a loss; {@code message} is logged if losses with this reason were not ongoing. */
    void note(LossReason reason, String message) {
        noted.putIfAbsent(reason, message);
    }

    /** Logs the warnings that are due. */
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
                TrackerLog.warn("No losses with reason " + reason.key() + " for " + Math.max(1, quietPeriod.toSeconds())
                        + " s");
            }
        }
    }

    /** Returns whether a warning is due now or will be after the quiet period. */
    boolean areOngoing() {
        return !noted.isEmpty() || !ongoing.isEmpty();
    }

    Duration quietPeriod() {
        return quietPeriod;
    }
}
