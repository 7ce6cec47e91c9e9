package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Splits the lines of one task into batches, and advances the task's shipped offset up to the first undelivered batch.
 * After a crash at any point, the same lines are sent again: ingest stores each step once. Not thread-safe.
 */
final class TaskShipper {
    /** How far batches are read beyond the first undelivered batch, in bytes. */
    private static final long MAX_READ_AHEAD_BYTES = 1024 * 1024;

    private final OutboxTask task;
    private final Predicate<UUID> isUnsent;
    private final AckedRanges<Batch> acked = new AckedRanges<>();
    private long position;
    private long lastTurn;
    private boolean insideOverlongLine;
    private boolean waitsForTask;
    private @Nullable Boolean holdsVerdicts;

    /** The last time at which no line was waiting. The lines that wait now were written later. */
    private Instant lastDrained = Instant.EPOCH;

    /** @param isUnsent returns whether the outbox contains a task of which nothing has been sent yet */
    TaskShipper(OutboxTask task, Predicate<UUID> isUnsent) {
        this.task = task;
        this.isUnsent = isUnsent;
    }

    UUID id() {
        return task.id();
    }

    OutboxTask task() {
        return task;
    }

    /** Returns the number of the turn in which this task was last read. Tasks with lower numbers are read first. */
    long lastTurn() {
        return lastTurn;
    }

    /** Starts a pass at the first line that is not delivered. */
    void startPass() throws IOException {
        long previousPosition = position;
        acked.startAt(task.shipped());
        position = acked.acknowledgedOffset();
        if (acked.nextUnacknowledged(position) < previousPosition) {
            // Lines that failed before are due at once: a pass without them would be reported as a recovery.
            lastDrained = Instant.EPOCH;
        }
    }

    /**
     * Returns the next batch, and starts to upload its screenshots and large values. A verdict waits until the first
     * message of its task has been sent, if the task is in the same outbox.
     *
     * @param flush whether to send lines without waiting for more
     * @return null if there are no lines, the lines may wait for more, or the read-ahead limit is reached
     */
    @Nullable
    Batch nextBatch(Instant now, boolean flush, long turn, BucketUploads uploads) throws IOException {
        lastTurn = turn;
        insideOverlongLine = false;
        waitsForTask = false;
        position = acked.nextUnacknowledged(position);
        long gapEnd = acked.gapEnd(position);
        List<OutboxLine> lines = new ArrayList<>();
        for (OutboxLine line : task.linesFrom(position, 2 * Batch.MAX_BYTES)) {
            if (line.end() > gapEnd || mustWait(line)) {
                break;
            }
            lines.add(line);
        }
        if (lines.isEmpty()) {
            insideOverlongLine = task.isInsideOverlongLine(position);
            lastDrained = now;
            return null;
        }
        int count = Batch.countFitting(lines, position);
        boolean mayWait = !flush
                && !Batch.isFull(lines, count, position)
                && !Batch.isDue(Duration.between(lastDrained, now))
                && !(TaskFinisher.parseRecord(task, lines.get(count - 1)) instanceof TaskEnded);
        if (mayWait || position - acked.acknowledgedOffset() > MAX_READ_AHEAD_BYTES) {
            return null;
        }
        Batch batch = Batch.create(this, position, lines.subList(0, count), uploads);
        position = batch.end();
        if (position == lines.get(lines.size() - 1).end()) {
            lastDrained = now;
        }
        return batch;
    }

    private boolean mustWait(OutboxLine line) throws IOException {
        if (holdsVerdicts == null) {
            holdsVerdicts = TaskFinisher.startsWithVerdict(task);
        }
        waitsForTask = holdsVerdicts
                && TaskFinisher.parseRecord(task, line) instanceof Verdict verdict
                && !verdict.taskId().equals(id())
                && isUnsent.test(verdict.taskId());
        return waitsForTask;
    }

    /** Returns whether the last read ended at a verdict that waits for its task. */
    boolean isWaitingForTask() {
        return waitsForTask;
    }

    /** Returns whether the last read ended inside a line that exceeds the maximum length of a record. */
    boolean isInsideOverlongLine() {
        return insideOverlongLine;
    }

    /** Adds a batch whose records have all been accepted by SQS or rejected. */
    void acknowledge(Batch batch) {
        acked.add(batch.start(), batch.end(), batch);
    }

    /** Advances the shipped offset to the first gap, then removes the frames of the shipped lines. */
    void commitAcknowledged(ShipCounts counts) throws IOException {
        List<Batch> shipped = acked.advance();
        if (shipped.isEmpty()) {
            return;
        }
        OutboxLine[] rejected = shipped.stream()
                .flatMap(batch -> batch.rejected().stream())
                .map(Batch.RejectedLine::line)
                .toArray(OutboxLine[]::new);
        if (rejected.length > 0) {
            task.reject(rejected);
        }
        task.acknowledge(acked.acknowledgedOffset());
        for (Batch batch : shipped) {
            batch.addTo(counts);
            for (Frame frame : batch.removableFrames()) {
                removeFrame(frame);
            }
        }
    }

    private void removeFrame(Frame frame) throws IOException {
        try {
            task.removeFrame(frame.file());
        } catch (BrokenImageException e) {
            // The name is outside the task's folder. The frame was logged as lost when the step was shipped.
        }
    }
}
