package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Region;
import dev.steptrail.stepformat.ShortenedRecord;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records one task into an outbox while it runs. Every call writes before it returns; nothing is queued or dropped silently:
 * what cannot be written is reported by an exception, and the caller counts it in the task's {@link LossCounts}.
 *
 * <p>The recorder creates the task's folder, retries that with each call while it fails, and creates it again if somebody
 * removed it; the start record and the losses are then written first. It writes the losses with the next record once they
 * have grown. Starts and ends that are longer than a reader accepts are shortened. Everything written counts towards the
 * outbox's {@link OutboxQuota}, which starts, losses and ends may exceed.
 *
 * <p>A step is written in this order: {@link #requireSpaceForStep}, {@link #addFrame} for each screenshot, {@link #add}.
 *
 * <p>Not thread-safe.
 */
public final class TaskRecorder implements Closeable {
    /** While no step fits, losses are written no more often than this: they use space that is reserved for them. */
    private static final Duration LOSSES_INTERVAL = Duration.ofSeconds(5);

    /** The largest size that is expected of the next step: one huge step says nothing about the next. */
    private static final int MAX_EXPECTED_BYTES = 64 * 1024;

    private final Outbox outbox;
    private final OutboxQuota quota;
    private final TaskStarted started;
    private final LossCounts losses;
    private final Clock clock;

    private final RecordLineEncoder line = new RecordLineEncoder();
    private final List<Frame> framesOfStep = new ArrayList<>();
    private @Nullable TaskWriter writer;
    private int expectedStepBytes;
    private boolean startWritten;
    private long lossesWritten;
    private long nextLosses = System.nanoTime();

    /**
     * @param losses what is lost of this task; written by this recorder, counted by its caller
     * @param clock gives the timestamps of losses
     */
    public TaskRecorder(Outbox outbox, OutboxQuota quota, TaskStarted started, LossCounts losses, Clock clock) {
        this.outbox = outbox;
        this.quota = quota;
        this.started = started;
        this.losses = losses;
        this.clock = clock;
    }

    public UUID taskId() {
        return started.taskId();
    }

    /**
     * Creates the folder and writes the start.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the task has a folder already, of another recorder
     * @throws IOException if that failed; the next call tries it again
     */
    public void start() throws IOException {
        writer();
    }

    /**
     * Fails early for a step that will not fit, before its screenshots are made.
     *
     * @throws OutboxFullException if there is no room for a step as large as the last one
     */
    public void requireSpaceForStep() throws IOException {
        discardFrames();
        quota.requireForStep(expectedStepBytes);
    }

    /**
     * Stores a screenshot, which the record of the next {@link #add} must name. It is removed again if that fails, or by the
     * next step or the end if there was none.
     *
     * @param redacted what was made unreadable in it
     * @throws BrokenImageException if {@code png} is not a PNG
     * @throws OutboxFullException if there is no room for it
     * @throws IOException if it could not be written; no part of it is left
     */
    public Frame addFrame(int stepNumber, FrameRole role, byte[] png, boolean sensitive, List<Region> redacted)
            throws IOException {
        TaskWriter target = writer();
        quota.requireForScreenshot(png.length);
        Frame frame = target.writeFrame(stepNumber, role, png, sensitive, redacted, null);
        framesOfStep.add(frame);
        quota.add(png.length);
        return frame;
    }

    /**
     * Adds a step, after the losses if they have grown.
     *
     * @throws OutboxFullException if there is no room for it
     * @throws IllegalArgumentException if it is longer than the 16 MiB that a reader accepts
     * @throws IOException if it could not be written; neither it nor its screenshots are left
     */
    public void add(Step step) throws IOException {
        try {
            TaskWriter target = writer();
            RecordLineEncoder encoded = line.encode(step);
            // Before the losses: while the outbox is full they must not be written with each refused step.
            quota.requireForStep(encoded.jsonBytes());
            writeLosses(target);
            quota.add(target.append(encoded));
            expectedStepBytes = Math.min(encoded.jsonBytes(), MAX_EXPECTED_BYTES);
            framesOfStep.clear();
        } finally {
            discardFrames();
        }
    }

    private void discardFrames() throws IOException {
        if (writer != null && !framesOfStep.isEmpty()) {
            quota.add(-writer.removeFrames(framesOfStep));
        }
        framesOfStep.clear();
    }

    /**
     * Writes the losses if they have grown, so that they are known even if this process is killed before the next step.
     *
     * @param now whether to write them regardless of when they were last written; otherwise at most every 5 s
     */
    public void writeLosses(boolean now) throws IOException {
        if (losses.total() > lossesWritten && (now || System.nanoTime() - nextLosses >= 0)) {
            writeLosses(writer());
        }
    }

    /**
     * Adds losses that the agent reports, as totals since the task began.
     *
     * @throws IllegalArgumentException if the record is longer than a reader accepts
     */
    public void add(Losses reported) throws IOException {
        losses.report(reported);
        writeLosses(writer(), losses.toRecord(taskId(), reported.timestamp(), reported.unknown()));
    }

    /** Adds the end, after the losses, in the disk space that was reserved for both. */
    public void end(TaskEnded end) throws IOException {
        TaskWriter target = writer();
        discardFrames();
        target.releaseReserve();
        writeLosses(target);
        append(target, ShortenedRecord.of(end));
    }

    /** Forces everything that was added to the disk. */
    public void sync() throws IOException {
        if (writer != null) {
            writer.sync();
        }
    }

    /** Releases the folder, as it is. */
    @Override
    public void close() throws IOException {
        TaskWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }

    private TaskWriter writer() throws IOException {
        if (writer != null && !writer.exists()) {
            // While this fails, the folder may come back together with the outbox, and is then still this recorder's.
            outbox.createIfMissing();
            close();
        }
        if (writer == null) {
            writer = outbox.newTask(taskId());
            startWritten = false;
            lossesWritten = 0;
            framesOfStep.clear();
        }
        if (!startWritten) {
            append(writer, ShortenedRecord.of(started));
            startWritten = true;
        }
        return writer;
    }

    private void writeLosses(TaskWriter target) throws IOException {
        if (losses.total() > lossesWritten) {
            writeLosses(target, losses.toRecord(taskId(), clock.instant(), Map.of()));
        }
    }

    private void writeLosses(TaskWriter target, Losses record) throws IOException {
        append(target, record);
        nextLosses = System.nanoTime() + LOSSES_INTERVAL.toNanos();
        lossesWritten = record.totalDroppedSteps() + record.totalDroppedScreenshots();
    }

    private void append(TaskWriter target, StepRecord record) throws IOException {
        quota.add(target.append(record));
    }
}
