package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way into the outbox. Its folder is made when it is first written to, again and again while that fails, and
 * anew if somebody removed it. Not thread-safe: the writer thread owns it.
 */
final class TaskRecording implements Closeable {
    private final Outbox outbox;
    private final OpenTask task;
    private final Consumer<IOException> pictureFailed;

    private @Nullable TaskWriter writer;
    private boolean startTold;
    private long lossesTold;

    /**
     * @param pictureFailed told of each picture that could not be written, which is a counted loss and no reason to lose
     *     its step too
     */
    TaskRecording(Outbox outbox, OpenTask task, Consumer<IOException> pictureFailed) {
        this.outbox = outbox;
        this.task = task;
        this.pictureFailed = pictureFailed;
    }

    OpenTask task() {
        return task;
    }

    void start() throws IOException {
        writer();
    }

    void add(TrackerEvent.Recorded event) throws IOException {
        TaskWriter target = writer();
        List<Frame> frames = framesOf(event, target);
        tellLosses(target);
        target.append(step(event, frames));
    }

    void end(TaskEnded record) throws IOException {
        TaskWriter target = writer();
        tellLosses(target);
        target.append(record);
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
            close();
        }
        if (writer == null) {
            writer = outbox.newTask(task.id());
            startTold = false;
            lossesTold = 0;
        }
        if (!startTold) {
            writer.append(task.started);
            startTold = true;
        }
        return writer;
    }

    private List<Frame> framesOf(TrackerEvent.Recorded event, TaskWriter target) {
        List<Frame> frames = new ArrayList<>();
        for (StepData.Picture picture : event.data().pictures) {
            try {
                frames.add(target.writeFrame(
                        event.stepNumber(), picture.role(), picture.png(), picture.sensitive(), null));
            } catch (BrokenImageException e) {
                task.droppedScreenshots.add(DropReason.NOT_AN_IMAGE);
            } catch (IOException e) {
                task.droppedScreenshots.add(DropReason.OUTBOX_UNWRITABLE);
                pictureFailed.accept(e);
            }
        }
        return frames;
    }

    /** Writes the running totals when they have grown since they were last written. */
    private void tellLosses(TaskWriter target) throws IOException {
        if (task.dropped() > lossesTold) {
            Losses losses = new Losses(
                    task.id(), Instant.now(), task.droppedSteps.byKey(), task.droppedScreenshots.byKey(), Map.of());
            target.append(losses);
            lossesTold = losses.totalDroppedSteps() + losses.totalDroppedScreenshots();
        }
    }

    private static Step step(TrackerEvent.Recorded event, List<Frame> frames) {
        StepData data = event.data();
        return new Step(
                event.task().id(),
                event.timestamp(),
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
