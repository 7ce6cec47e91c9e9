package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.LargeValues;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Region;
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
 * Records one running task into an outbox. Each call writes before it returns, and throws if it cannot; the caller then
 * counts the loss in the task's {@link LossCounts}.
 *
 * <p>The recorder creates the task's folder. If that fails, each call retries it. If the folder was removed, the
 * recorder creates it again and writes the start and the losses first. New losses are written with the next record.
 * Starts and ends that exceed the maximum record size are shortened. All data counts towards the outbox's
 * {@link OutboxQuota}, which starts, losses and ends may exceed.
 *
 * <p>The order for a step is {@link #requireSpaceForStep}, {@link #addFrame} for each screenshot, {@link #add}.
 *
 * <p>Not thread-safe.
 */
public final class TaskRecorder implements Closeable {
    /** Limits how often losses are written while no step fits, because they use reserved space. */
    private static final Duration LOSSES_INTERVAL = Duration.ofSeconds(5);

    /** Limits the expected size of the next step after an unusually large one. */
    private static final int MAX_EXPECTED_BYTES = 64 * 1024;

    private final Outbox outbox;
    private final OutboxQuota quota;
    private final TaskStarted started;
    private final LossCounts losses;
    private final Clock clock;

    private final List<Frame> framesOfStep = new ArrayList<>();
    private @Nullable TaskWriter writer;
    private int expectedStepBytes;
    private boolean startWritten;
    private long writtenLosses;
    private long nextLossesAt = System.nanoTime();

    /**
     * @param losses the task's losses, which the caller counts and this recorder writes
     * @param clock the clock for the timestamps of losses
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
     * @throws java.nio.file.FileAlreadyExistsException if another recorder has created the task's folder
     * @throws IOException if writing failed; the next call retries it
     */
    public void start() throws IOException {
        writer();
    }

    /**
     * Checks for free space before the screenshots of a step are encoded.
     *
     * @throws OutboxFullException if a step as large as the last one does not fit
     */
    public void requireSpaceForStep() throws IOException {
        discardFrames();
        quota.requireForStep(expectedStepBytes);
    }

    /**
     * Writes a screenshot, which the record of the next {@link #add} must reference. The screenshot is removed if that
     * call fails, or if the next step or the end is written without it.
     *
     * @param redacted the regions that were redacted
     * @throws BrokenImageException if {@code png} is not a PNG
     * @throws OutboxFullException if the screenshot does not fit
     * @throws IOException if the screenshot could not be written; an incomplete file is removed
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
     * Writes a step, after new losses. Omits its largest values if the record is too long with them.
     *
     * @return whether the step is complete
     * @throws OutboxFullException if the step does not fit
     * @throws IllegalArgumentException if the record exceeds the maximum of 16 MiB
     * @throws IOException if the step could not be written; its screenshots are removed
     */
    public boolean add(Step step) throws IOException {
        try {
            TaskWriter target = writer();
            byte[] json;
            boolean isComplete = true;
            try {
                json = OutboxLine.encode(step);
            } catch (IllegalArgumentException tooLong) {
                json = OutboxLine.encode(LargeValues.omit(step, OutboxLine.MAX_BYTES));
                isComplete = false;
            }
            // Checked first: otherwise losses would be written for each rejected step while the outbox is full.
            quota.requireForStep(json.length);
            writeLosses(target);
            quota.add(target.append(json));
            expectedStepBytes = Math.min(json.length, MAX_EXPECTED_BYTES);
            framesOfStep.clear();
            return isComplete;
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
     * Writes new losses without waiting for the next step, so that they are recorded even if the process is killed.
     *
     * @param immediately false to write at most every 5 s
     */
    public void writeLosses(boolean immediately) throws IOException {
        if (losses.total() > writtenLosses && (immediately || System.nanoTime() - nextLossesAt >= 0)) {
            writeLosses(writer());
        }
    }

    /**
     * Writes losses that the agent reports, as totals since the start of the task.
     *
     * @throws IllegalArgumentException if the record exceeds the maximum of 16 MiB
     */
    public void add(Losses reported) throws IOException {
        losses.report(reported);
        writeLosses(writer(), losses.toRecord(taskId(), reported.timestamp(), reported.unknown()));
    }

    /** Writes new losses and the end, after freeing the disk space that was reserved for them. */
    public void end(TaskEnded end) throws IOException {
        TaskWriter target = writer();
        discardFrames();
        target.releaseReserve();
        writeLosses(target);
        append(target, LargeValues.omit(end, OutboxLine.MAX_BYTES));
    }

    /** Forces everything that was written to the disk. */
    public void sync() throws IOException {
        if (writer != null) {
            writer.sync();
        }
    }

    /** Releases the folder without writing an end. */
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
            // If this fails, the writer stays open, because the outbox may reappear, for example when it is mounted.
            outbox.createIfMissing();
            close();
        }
        if (writer == null) {
            writer = outbox.newTask(taskId());
            startWritten = false;
            writtenLosses = 0;
            framesOfStep.clear();
        }
        if (!startWritten) {
            append(writer, LargeValues.omit(started, OutboxLine.MAX_BYTES));
            startWritten = true;
        }
        return writer;
    }

    private void writeLosses(TaskWriter target) throws IOException {
        if (losses.total() > writtenLosses) {
            writeLosses(target, losses.toRecord(taskId(), clock.instant(), Map.of()));
        }
    }

    private void writeLosses(TaskWriter target, Losses record) throws IOException {
        append(target, record);
        nextLossesAt = System.nanoTime() + LOSSES_INTERVAL.toNanos();
        writtenLosses = record.totalDroppedSteps() + record.totalDroppedScreenshots();
    }

    private void append(TaskWriter target, StepRecord record) throws IOException {
        quota.add(target.append(record));
    }
}
