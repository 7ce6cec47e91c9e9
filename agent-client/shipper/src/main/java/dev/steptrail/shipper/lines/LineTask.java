package dev.steptrail.shipper.lines;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxRoom;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way into the outbox. Its folder is made when it is first written to, again and again while that fails, and
 * anew if somebody removed it. Not thread-safe.
 */
final class LineTask {
    /** A step's pictures on their way into the outbox. */
    interface Pictures {
        /** Writes those that can be, and gives the step with what became of them. */
        Step write(TaskWriter target, List<Frame> written);
    }

    private final Outbox outbox;
    private final OutboxRoom room;
    private final TaskStarted started;

    /** What the recorder lost. */
    final LineLosses losses = new LineLosses();

    /** What the lines tell to be lost. */
    private final LineLosses told = new LineLosses();

    private @Nullable TaskWriter writer;
    private @Nullable TaskEnded end;
    private boolean startWritten;
    private boolean endWritten;
    private long lossesWritten;
    private int lastNumber;

    LineTask(Outbox outbox, OutboxRoom room, TaskStarted started) {
        this.outbox = outbox;
        this.room = room;
        this.started = started;
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
        writer();
    }

    /**
     * Adds a step.
     *
     * @throws IllegalArgumentException if it is longer than any reader takes
     * @throws IOException if it could not be written; nothing of it is left
     */
    void add(Pictures pictures, List<Frame> written) throws IOException {
        // Asked first: losses, too, are to be told only when a step can follow them, or the end.
        room.requireForStep(0);
        TaskWriter target = writer();
        boolean done = false;
        try {
            Step step = pictures.write(target, written);
            writeLosses(target);
            room.added(target.append(step, room));
            done = true;
        } finally {
            if (!done) {
                room.added(-target.removeFrames(written));
            }
        }
    }

    /** Adds what the agent itself lost to what is lost here: of a task the highest total is the truth. */
    void add(Losses record) throws IOException {
        told.raiseTo(record.droppedSteps(), record.droppedScreenshots());
        LineLosses all = losses.plus(told);
        append(writer(), new Losses(id(), record.timestamp(), all.steps(), all.screenshots(), record.unknown()));
        lossesWritten = all.total();
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
        TaskWriter target = writer();
        target.useReserve();
        writeLosses(target);
        append(target, record);
        endWritten = true;
        close();
    }

    /** Leaves it as it is. */
    void close() throws IOException {
        TaskWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }

    private TaskWriter writer() throws IOException {
        if (writer != null && !writer.isThere()) {
            outbox.restore();
            close();
        }
        if (writer == null) {
            writer = outbox.newTask(id());
            startWritten = false;
            lossesWritten = 0;
        }
        if (!startWritten) {
            append(writer, started);
            startWritten = true;
        }
        return writer;
    }

    private void writeLosses(TaskWriter target) throws IOException {
        LineLosses all = losses.plus(told);
        if (all.total() > lossesWritten) {
            append(target, new Losses(id(), Instant.now(), all.steps(), all.screenshots(), Map.of()));
            lossesWritten = all.total();
        }
    }

    private void append(TaskWriter target, StepRecord record) throws IOException {
        room.added(target.append(record));
    }
}
