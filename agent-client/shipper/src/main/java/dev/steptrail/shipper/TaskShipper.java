package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.OutboxLine;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One task on its way: cuts its lines into batches, and lets count as shipped what has been delivered from its beginning
 * without a gap. Stopped at any point, the same again is harmless. Not thread-safe.
 */
final class TaskShipper {
    /** So far behind a batch that does not go through others of the task are read. */
    private static final long LONGEST_AHEAD = 1024 * 1024;

    private final OutboxTask task;
    private final AckedRanges<Batch> acked = new AckedRanges<>();
    private long position;
    private long lastTurn;
    private boolean withinLongLine;

    /** When there was nothing to ship: whatever is there now was written later. */
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

    /** When it last had its turn, in the order of turns. */
    long lastTurn() {
        return lastTurn;
    }

    /** Goes back to the first line that is not delivered. */
    void begin() throws IOException {
        long reached = position;
        acked.beginAt(task.shipped());
        position = acked.shipped();
        if (acked.nextGap(position) < reached) {
            // What was tried in vain waits for no others: a look that leaves it out would seem to be the end of the
            // trouble.
            shippedUpTo = Instant.EPOCH;
        }
    }

    /**
     * The next batch, whose pictures are now being stored.
     *
     * @param flush not to wait for more lines
     * @return null if there is none, or if it may wait for more
     */
    @Nullable
    Batch next(Instant now, boolean flush, long turn, Function<Frame, Future<Screenshot>> store) throws IOException {
        lastTurn = turn;
        withinLongLine = false;
        position = acked.nextGap(position);
        List<OutboxLine> lines = upToNextAcked(task.linesFrom(position, 2 * BatchRules.MAX_BYTES));
        if (lines.isEmpty()) {
            withinLongLine = task.isWithinLongLine(position);
            shippedUpTo = now;
            return null;
        }
        int count = BatchRules.fitting(lines, position);
        boolean mayWait = !flush
                && !BatchRules.isFull(lines, count, position)
                && !BatchRules.isDue(Duration.between(shippedUpTo, now))
                && !(TaskSoFar.recordOf(task, lines.get(count - 1)) instanceof TaskEnded);
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

    /** Whether there was no batch because so far a piece was looked at of a line that is longer than any record. */
    boolean isWithinLongLine() {
        return withinLongLine;
    }

    private List<OutboxLine> upToNextAcked(List<OutboxLine> lines) {
        long end = acked.endOfGap(position);
        return lines.stream().takeWhile(line -> line.end() <= end).toList();
    }

    /** Notes a batch that is with SQS or kept aside. */
    void delivered(Batch batch) {
        acked.add(batch.start(), batch.end(), batch);
    }

    /** Lets count as shipped what is delivered up to the first gap, and only then removes its frames. */
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
            // Told as lost when the step was shipped; a name outside the folder is nothing that is ours to remove.
            return;
        }
    }
}
