package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxFullException;
import dev.steptrail.tracker.outbox.OutboxRoom;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
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
    private final DropWarning warning;

    private @Nullable TaskWriter writer;
    private boolean startTold;
    private boolean endTold;
    private long lossesTold;

    TaskRecording(Outbox outbox, OutboxRoom room, OpenTask task, TrackerCounts counts, DropWarning warning) {
        this.outbox = outbox;
        this.room = room;
        this.task = task;
        this.counts = counts;
        this.warning = warning;
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
        List<Frame> frames = framesOf(event, target);
        boolean written = false;
        try {
            tellLosses(target);
            wrote(target.append(step(event, frames), room));
            written = true;
        } finally {
            if (!written) {
                wrote(-target.removeFrames(frames));
            }
        }
    }

    void end(TaskEnded record) throws IOException {
        TaskWriter target = writer();
        target.useReserve();
        tellLosses(target);
        append(target, record);
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
            append(writer, task.started);
            startTold = true;
        }
        return writer;
    }

    private List<Frame> framesOf(TrackerEvent.Recorded event, TaskWriter target) {
        if (event.refusedPictures() > 0) {
            task.droppedScreenshots.add(DropReason.FRAME_QUEUE_FULL, event.refusedPictures());
        }
        List<Frame> frames = new ArrayList<>();
        for (StepData.Picture picture : event.data().pictures) {
            try {
                room.requireForPicture(picture.png().length);
                frames.add(target.writeFrame(
                        event.stepNumber(), picture.role(), picture.png(), picture.sensitive(), null));
                wrote(picture.png().length);
            } catch (BrokenImageException e) {
                task.droppedScreenshots.add(DropReason.NOT_AN_IMAGE);
            } catch (OutboxFullException e) {
                task.droppedScreenshots.add(DropReason.OUTBOX_FULL);
                counts.failed(e);
                warning.dropped("Pictures are being dropped: " + e.getMessage());
            } catch (IOException e) {
                task.droppedScreenshots.add(DropReason.OUTBOX_UNWRITABLE);
                counts.failed(e);
            }
        }
        return frames;
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

    private static Step step(TrackerEvent.Recorded event, List<Frame> frames) {
        StepData data = event.data();
        Instant started = event.task().started.timestamp();
        return new Step(
                event.task().id(),
                data.timestamp.isBefore(started) ? started : data.timestamp,
                event.stepNumber(),
                data.type,
                data.thinking,
                data.action,
                data.actionResult,
                data.duration,
                data.success,
                data.errorMessage,
                data.timings,
                data.resources,
                frames,
                List.of(),
                Map.of());
    }
}
