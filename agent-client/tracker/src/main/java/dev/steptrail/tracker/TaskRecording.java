package dev.steptrail.tracker;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxRoom;
import dev.steptrail.tracker.outbox.TaskFolder;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/** A task on its way into the outbox, redacted. Not thread-safe: the writer thread owns it. */
final class TaskRecording implements Closeable, TaskFolder.Account {
    private final OpenTask task;
    private final TrackerCounts counts;
    private final StepFrames frames;
    private final RedactedRecords records;
    private final TaskFolder folder;
    private boolean ended;

    TaskRecording(
            Outbox outbox,
            OutboxRoom room,
            OpenTask task,
            Redactors redactors,
            TrackerCounts counts,
            DropWarning warning) {
        this.task = task;
        this.counts = counts;
        this.frames = new StepFrames(redactors, counts, warning);
        this.records = new RedactedRecords(redactors.text(), counts);
        this.folder = new TaskFolder(outbox, room, task.id(), this);
    }

    OpenTask task() {
        return task;
    }

    void start() throws IOException {
        folder.start();
    }

    void add(TrackerEvent.Recorded event) throws IOException {
        folder.add(target -> records.step(event, frames.write(event, target)));
    }

    /** As {@link TaskFolder#tellLosses}. */
    void tellLosses(boolean atOnce) throws IOException {
        folder.tellLosses(atOnce);
    }

    void end(TaskEnded record) throws IOException {
        folder.end(() -> records.ended(record));
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Forces what was added last, and all before it, to the disk. */
    void sync() throws IOException {
        folder.sync();
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }

    @Override
    public TaskStarted started() {
        return records.started(task.started);
    }

    @Override
    public long lost() {
        return task.dropped();
    }

    @Override
    public Losses losses() {
        return new Losses(
                task.id(), Instant.now(), task.droppedSteps.byKey(), task.droppedScreenshots.byKey(), Map.of());
    }

    @Override
    public void wrote(long bytes) {
        counts.writtenBytes.addAndGet(bytes);
    }
}
