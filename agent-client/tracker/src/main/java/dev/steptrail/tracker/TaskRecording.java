package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxRoom;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way into the outbox. Its folder is made when it is first written to, again and again while that fails, and
 * anew if somebody removed it. Not thread-safe: the writer thread owns it.
 */
final class TaskRecording implements Closeable {
    private final Outbox outbox;
    private final OutboxRoom room;
    private final OpenTask task;
    private final TrackerCounts counts;
    private final StepFrames frames;
    private final RedactedRecords records;

    private @Nullable TaskWriter writer;
    private boolean startTold;
    private boolean endTold;
    private long lossesTold;

    TaskRecording(
            Outbox outbox,
            OutboxRoom room,
            OpenTask task,
            Redactors redactors,
            TrackerCounts counts,
            DropWarning warning) {
        this.outbox = outbox;
        this.room = room;
        this.task = task;
        this.counts = counts;
        this.frames = new StepFrames(redactors, room, counts, warning);
        this.records = new RedactedRecords(redactors.text(), counts);
    }

    OpenTask task() {
        return task;
    }

    void start() throws IOException {
        writer();
    }

    void add(TrackerEvent.Recorded event) throws IOException {
        // Asked first: losses, too, are to be told only when a step can follow them, or the end.
        room.requireForStep(0);
        TaskWriter target = writer();
        List<Frame> stored = frames.write(event, target);
        boolean written = false;
        try {
            tellLosses(target);
            wrote(target.append(records.step(event, stored), room));
            written = true;
        } finally {
            if (!written) {
                wrote(-target.removeFrames(stored));
            }
        }
    }

    void end(TaskEnded record) throws IOException {
        TaskWriter target = writer();
        target.useReserve();
        tellLosses(target);
        append(target, records.ended(record));
        endTold = true;
    }

    boolean isEnded() {
        return endTold;
    }

    /** Forces what was added last, and all before it, to the disk. */
    void sync() throws IOException {
        if (writer != null) {
            writer.sync();
        }
    }

    @Override
    public void close() throws IOException {
        TaskWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }

    private TaskWriter writer() throws IOException {
        if (writer != null && !writer.isThere()) {
            // While this fails the task's folder may come back with the outbox, and is then still this writer's.
            outbox.restore();
            close();
        }
        if (writer == null) {
            writer = outbox.newTask(task.id());
            startTold = false;
            lossesTold = 0;
        }
        if (!startTold) {
            append(writer, records.started(task.started));
            startTold = true;
        }
        return writer;
    }

    /** Writes the running totals when they have grown since they were last written. */
    private void tellLosses(TaskWriter target) throws IOException {
        if (task.dropped() > lossesTold) {
            Losses losses = new Losses(
                    task.id(), Instant.now(), task.droppedSteps.byKey(), task.droppedScreenshots.byKey(), Map.of());
            append(target, losses);
            lossesTold = losses.totalDroppedSteps() + losses.totalDroppedScreenshots();
        }
    }

    private void append(TaskWriter target, StepRecord record) throws IOException {
        wrote(target.append(record));
    }

    private void wrote(long bytes) {
        counts.writtenBytes.addAndGet(bytes);
        room.added(bytes);
    }
}
