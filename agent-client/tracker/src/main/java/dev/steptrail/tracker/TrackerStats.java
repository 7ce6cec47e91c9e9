package dev.steptrail.tracker;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tracker has done since it was made. Alert when a count of dropped steps grows: the agent records faster than the
 * disk takes it, or the outbox cannot be written to; {@code lastError} says which.
 *
 * @param queued records that wait for the writer thread
 * @param queuedBytes bytes of screenshots and texts that wait with them
 * @param written steps that are in the outbox
 * @param writtenBytes bytes of records and pictures that were put into the outbox
 * @param droppedSteps steps that are lost, by reason
 * @param droppedScreenshots pictures that are lost, by reason, of steps that are not; one may be counted
 *     here just before its step turns out to be lost, too
 * @param withheldTexts fields of records that are left out because the redactor of texts failed on them
 * @param unconfirmed how often what {@link Durability} promises could not be had in time; what was recorded may be
 *     written all the same, later
 * @param lostEnds tasks that will seem abandoned: that they ended could not be written
 * @param lastError what the last failed write said
 * @param shipped steps, of this tracker or others, that the shipper in this process has delivered; like the next two null
 *     where none ships from this process, and some seconds old
 * @param outboxBytes what the outbox takes on the disk
 * @param oldestUnshipped how long the oldest step of the outbox has been waiting; nothing if none waits
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
        @Nullable String lastError,
        @Nullable Long shipped,
        @Nullable Long outboxBytes,
        @Nullable Duration oldestUnshipped) {}
