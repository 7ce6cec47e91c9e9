package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.LossReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logs warnings about losses: for each reason, one when losses start and one when none occurred for a quiet period.
 * {@link #note} may be called by any thread. Only the writer thread logs, so that a slow log does not delay the agent.
 */
final class LossWarnings {
    private final Duration quietPeriod;
    private final Map<LossReason, String> noted = new ConcurrentHashMap<>();

    /** The time of the last loss by reason, while losses are ongoing. Used by the writer thread alone. */
    private final Map<LossReason, Long> ongoing = new EnumMap<>(LossReason.class);

    /** @param quietPeriod the time without losses after which losses count as ended */
    LossWarnings(Duration quietPeriod) {
        this.quietPeriod = quietPeriod;
    }

    /** Notes a loss; {@code message} is logged if losses with this reason were not ongoing. */
    void note(LossReason reason, String message) {
        noted.putIfAbsent(reason, message);
    }

    void logPending() {
        if (!hasPending()) {
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
    boolean hasPending() {
        return !noted.isEmpty() || !ongoing.isEmpty();
    }

    Duration quietPeriod() {
        return quietPeriod;
    }
}
