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
 * Cuts the lines of one task into batches, and advances the task's count of shipped bytes over those that were delivered
 * without a gap. After a stop at any point, sending the same lines again is harmless. Not thread-safe.
 */
final class TaskShipper {
    /** How many bytes behind a blocked batch further batches are read. */
    private static final long LONGEST_AHEAD = 1024 * 1024;

    private final OutboxTask task;
    private final AckedRanges<Batch> acked = new AckedRanges<>();
    private long position;
    private long lastTurn;
    private boolean withinLongLine;

    /** When there was nothing left to ship: all lines that wait were written later. */
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

    /** The number of its last turn. */
    long lastTurn() {
        return lastTurn;
    }

    /** Begins a pass at the first line that is not delivered. */
    void begin() throws IOException {
        long reached = position;
        acked.beginAt(task.shipped());
        position = acked.shipped();
        if (acked.nextGap(position) < reached) {
            // Lines that failed before must not wait for more lines: a pass without them would look like a recovery.
            shippedUpTo = Instant.EPOCH;
        }
    }

    /**
     * Returns the next batch, and begins to upload its screenshots.
     *
     * @param flush whether to send lines without waiting for more
     * @return null if there are no lines, or if they may wait for more
     */
    @Nullable
    Batch next(Instant now, boolean flush, long turn, Function<Frame, Future<Screenshot>> store) throws IOException {
        lastTurn = turn;
        withinLongLine = false;
        position = acked.nextGap(position);
        long endOfGap = acked.endOfGap(position);
        List<OutboxLine> lines = task.linesFrom(position, 2 * BatchRules.MAX_BYTES).stream()
                .takeWhile(line -> line.end() <= endOfGap)
                .toList();
        if (lines.isEmpty()) {
            withinLongLine = task.isWithinLongLine(position);
            shippedUpTo = now;
            return null;
        }
        int count = BatchRules.fitting(lines, position);
        boolean mayWait = !flush
                && !BatchRules.isFull(lines, count, position)
                && !BatchRules.isDue(Duration.between(shippedUpTo, now))
                && !(TaskEnd.recordOf(task, lines.get(count - 1)) instanceof TaskEnded);
        if (mayWait || position - acked.shipped() > LONGEST_AHEAD) {
            return null;
        }
        Batch batch = Batch.begin(this, position, lines.subList(0, count), store);
        position = batch.end();
        if (position == lines.get(lines.size() - 1).end()) {
            shippedUpTo = now;
        }
        return batch;
    }

    /** Whether there was no batch because only a part of a line longer than any record was read. */
    boolean isWithinLongLine() {
        return withinLongLine;
    }

    /** Adds a batch whose records SQS has accepted or which were rejected. */
    void delivered(Batch batch) {
        acked.add(batch.start(), batch.end(), batch);
    }

    /** Advances the count of shipped bytes to the first gap, and then removes the frames of those lines. */
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
            // Logged as lost when the step was shipped. A name outside of the task's folder must not be removed.
            return;
        }
    }
}
