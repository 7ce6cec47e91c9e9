package dev.steptrail.shipper.lines;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxRoom;
import dev.steptrail.tracker.outbox.TaskFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task on its way into the outbox, and what is lost of it. Not thread-safe. */
final class LineTask implements TaskFolder.Account {
    private final TaskStarted started;
    private final TaskFolder folder;

    /** What the recorder lost. */
    final LineLosses losses = new LineLosses();

    /** What the lines tell to be lost. */
    private final LineLosses told = new LineLosses();

    private @Nullable TaskEnded end;
    private boolean endWritten;
    private int lastNumber;

    LineTask(Outbox outbox, OutboxRoom room, TaskStarted started) {
        this.started = started;
        this.folder = new TaskFolder(outbox, room, started.taskId(), this);
    }

    UUID id() {
        return started.taskId();
    }

    int lastNumber() {
        return lastNumber;
    }

    /** A step has this number, whether it is kept or not. */
    void take(int number) {
        lastNumber = Math.max(lastNumber, number);
    }

    /** Makes the folder and writes the start. */
    void start() throws IOException {
        folder.start();
    }

    /**
     * Adds a step.
     *
     * @throws IllegalArgumentException if it is longer than any reader takes
     * @throws IOException if it could not be written; nothing of it is left
     */
    void add(TaskFolder.StepMaking step) throws IOException {
        folder.add(step);
    }

    /** Adds what the agent itself lost to what is lost here: of a task the highest total is the truth. */
    void add(Losses record) throws IOException {
        told.raiseTo(record.droppedSteps(), record.droppedScreenshots());
        folder.add(losses(record.timestamp(), record.unknown()));
    }

    /** Whether it has ended, so that it takes no more, written or not. */
    boolean hasEnded() {
        return end != null;
    }

    /**
     * Ends it.
     *
     * @throws IOException if that could not be written; {@link #writeEnd} tries again
     */
    void end(TaskEnded record) throws IOException {
        end = record;
        writeEnd();
    }

    /** Writes the end if it is not written yet, in the room that was kept for it. */
    void writeEnd() throws IOException {
        TaskEnded record = end;
        if (record == null || endWritten) {
            return;
        }
        folder.end(() -> record);
        endWritten = true;
        close();
    }

    /** Leaves it as it is. */
    void close() throws IOException {
        folder.close();
    }

    @Override
    public TaskStarted started() {
        return started;
    }

    @Override
    public long lost() {
        return losses.plus(told).total();
    }

    @Override
    public Losses losses() {
        return losses(Instant.now(), Map.of());
    }

    private Losses losses(Instant timestamp, Map<String, Object> unknown) {
        LineLosses all = losses.plus(told);
        return new Losses(id(), timestamp, all.steps(), all.screenshots(), unknown);
    }
}
