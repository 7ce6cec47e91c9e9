package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.tracker.outbox.Outbox;
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
    private final OpenTask task;
    private final TrackerCounts counts;
    private final StepFrames frames;
    private final RedactedRecords records;

    private @Nullable TaskWriter writer;
    private boolean startTold;
    private boolean endTold;
    private long lossesTold;

    TaskRecording(Outbox outbox, OpenTask task, Redactors redactors, TrackerCounts counts) {
        this.outbox = outbox;
        this.task = task;
        this.counts = counts;
        this.frames = new StepFrames(redactors, counts);
        this.records = new RedactedRecords(redactors.text(), counts);
    }

    OpenTask task() {
        return task;
    }

    void start() throws IOException {
        writer();
    }

    void add(TrackerEvent.Recorded event) throws IOException {
        TaskWriter target = writer();
        List<Frame> written = frames.write(event, target);
        tellLosses(target);
        append(target, records.step(event, written));
    }

    void end(TaskEnded record) throws IOException {
        TaskWriter target = writer();
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
        counts.writtenBytes.addAndGet(target.append(record));
    }
}
