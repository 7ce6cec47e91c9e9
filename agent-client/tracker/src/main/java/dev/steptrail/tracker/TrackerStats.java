package dev.steptrail.tracker;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a tracker since it was created. Alert on a growing {@code droppedSteps}; its reasons and
 * {@code lastError} show the cause.
 *
 * @param queued starts, steps and ends waiting for the writer thread
 * @param queuedBytes bytes of screenshots and texts waiting for the writer thread
 * @param written steps written to the outbox
 * @param writtenBytes bytes of records and screenshots written to the outbox
 * @param droppedSteps lost steps by reason
 * @param droppedScreenshots lost screenshots by reason. The screenshots of a dropped step are not counted, except those
 *     that were lost before the step was dropped
 * @param withheldTexts record fields omitted because the text redactor failed
 * @param unconfirmed calls that returned before the {@link Durability} was reached; their events may still be written
 *     later
 * @param lostEnds tasks whose end could not be written, so that they are marked as abandoned
 * @param lostVerdicts verdicts that were invalid or could not be written
 * @param lastError the last error of the writer thread
 * @param shipped steps, including those of other trackers, delivered by the shipper in this process. This and the
 *     following values are updated every few seconds, and null if no shipper runs in this process
 * @param outboxBytes size of the outbox on the disk
 * @param oldestUnshipped age of the oldest undelivered step in the outbox; zero if there is none
 */
public record TrackerStats(
        int queued,
        long queuedBytes,
        long written,
        long writtenBytes,
        Map<String, Long> droppedSteps,
        Map<String, Long> droppedScreenshots,
        long withheldTexts,
        long unconfirmed,
        long lostEnds,
        long lostVerdicts,
        @Nullable String lastError,
        @Nullable Long shipped,
        @Nullable Long outboxBytes,
        @Nullable Duration oldestUnshipped) {}
