package dev.steptrail.tracker;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tracker has done since it was made. Alert when a count of dropped steps grows: the agent records faster than the
 * disk takes it, or the outbox cannot be written to; {@code lastError} says which.
 *
 * @param queued steps that wait for the writer thread
 * @param written steps that are in the outbox
 * @param droppedSteps steps that are lost, by reason
 * @param droppedScreenshots pictures that are lost, by reason, of steps that are not
 * @param lastError what the last failed write said
 */
public record TrackerStats(
        int queued,
        long written,
        Map<String, Long> droppedSteps,
        Map<String, Long> droppedScreenshots,
        @Nullable String lastError) {}
