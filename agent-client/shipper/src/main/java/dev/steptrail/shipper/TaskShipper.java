package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Splits the lines of one task into batches, and advances the task's count of shipped bytes up to the first undelivered
 * batch. After a crash at any point, the same lines are sent again, which is harmless. Not thread-safe.
 */
final class TaskShipper {
    /** How far behind a blocked batch further batches are read, in bytes. */
    private static final long MAX_BYTES_AHEAD = 1024 * 1024;

    private final OutboxTask task;
    private final AckedRanges<Batch> acked = new AckedRanges<>();
    private long position;
    private long lastTurn;
    private boolean withinLongLine;

    /** The last time that all lines were shipped. All waiting lines were written after it. */
    private Instant shippedUpTo = Instant.EPOCH;

    TaskShipper(OutboxTask task) {
        this.task = task;
    }

    UUID id() {
        return task.id();
    }

    OutboxTask task() {
        return task;
    }

    /** The number of this task's last turn. */
    long lastTurn() {
        return lastTurn;
    }

    /** Starts a pass at the first line that is not delivered. */
    void begin() throws IOException {
        long reached = position;
        acked.beginAt(task.shipped());
        position = acked.shipped();
        if (acked.nextGap(position) < reached) {
            // Lines that failed before must be sent in this pass; without them it would look like a recovery.
            shippedUpTo = Instant.EPOCH;
        }
    }

    /**
     * Returns the next batch, and starts to upload its screenshots.
     *
     * @param flush whether to send lines without waiting for more
     * @return null if there are no lines, or if the lines may wait for more
     */
    @Nullable
    Batch next(Instant now, boolean flush, long turn, Function<Frame, Future<Screenshot>> store) throws IOException {
        lastTurn = turn;
        withinLongLine = false;
        position = acked.nextGap(position);
        long endOfGap = acked.endOfGap(position);
        List<OutboxLine> lines = task.linesFrom(position, 2 * BatchPolicy.MAX_BYTES).stream()
                .takeWhile(line -> line.end() <= endOfGap)
                .toList();
        if (lines.isEmpty()) {
            withinLongLine = task.isWithinLongLine(position);
            shippedUpTo = now;
            return null;
        }
        int count = BatchPolicy.countFitting(lines, position);
        boolean mayWait = !flush
                && !BatchPolicy.isFull(lines, count, position)
                && !BatchPolicy.isDue(Duration.between(shippedUpTo, now))
                && !(TaskFinisher.recordOf(task, lines.get(count - 1)) instanceof TaskEnded);
        if (mayWait || position - acked.shipped() > MAX_BYTES_AHEAD) {
            return null;
        }
        Batch batch = Batch.begin(this, position, lines.subList(0, count), store);
        position = batch.end();
        if (position == lines.get(lines.size() - 1).end()) {
            shippedUpTo = now;
        }
        return batch;
    }

    /** Whether the last read ended within a line that exceeds the maximum length of a record. */
    boolean isWithinLongLine() {
        return withinLongLine;
    }

    /** Adds a batch whose records have all been accepted by SQS or rejected. */
    void delivered(Batch batch) {
        acked.add(batch.start(), batch.end(), batch);
    }

    /** Advances the count of shipped bytes to the first gap, then removes the frames of the shipped lines. */
    void settle(ShipCounts counts) throws IOException {
        List<Batch> shipped = acked.advance();
        if (shipped.isEmpty()) {
            return;
        }
        for (Batch batch : shipped) {
            for (Batch.Rejected rejected : batch.rejected()) {
                task.reject(rejected.line());
            }
        }
        task.acknowledge(acked.shipped());
        for (Batch batch : shipped) {
            batch.countIn(counts);
            for (Frame frame : batch.frames()) {
                removeFrame(frame);
            }
        }
    }

    private void removeFrame(Frame frame) throws IOException {
        try {
            task.removeFrame(frame.file());
        } catch (BrokenImageException e) {
            // The name is outside the task's folder. The frame was logged as lost when the step was shipped.
            return;
        }
    }
}
