package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer thread: takes events one by one and writes them to the outbox. Whatever fails is counted as a loss of its
 * task, and the next event gets its chance.
 */
final class OutboxWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxWriter.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final HandoffQueue queue;
    private final Outbox outbox;
    private final AtomicLong written = new AtomicLong();
    private volatile boolean closing;
    private volatile @Nullable String lastError;

    private @Nullable UUID writing;
    private @Nullable TaskWriter writer;
    private boolean startTold;
    private long lossesTold;
    private boolean failing;

    OutboxWriter(HandoffQueue queue, Outbox outbox) {
        this.queue = queue;
        this.outbox = outbox;
    }

    @Override
    public void run() {
        try {
            while (true) {
                TrackerEvent event = queue.poll(POLL);
                if (event != null) {
                    handle(event);
                } else if (closing) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeWriter();
        }
    }

    /** Lets the thread end once the queue is empty. */
    void closeWhenDrained() {
        closing = true;
    }

    long written() {
        return written.get();
    }

    @Nullable
    String lastError() {
        return lastError;
    }

    private void handle(TrackerEvent event) {
        try {
            if (event instanceof TrackerEvent.Recorded step) {
                step(step);
            } else if (event instanceof TrackerEvent.Started started) {
                writerOf(started.task());
            } else if (event instanceof TrackerEvent.Ended ended) {
                tellLosses(ended.task());
                writerOf(ended.task()).append(ended.record());
                closeWriter();
            } else if (event instanceof TrackerEvent.Flush flush) {
                flush.done().complete(null);
            }
            recovered();
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            failed(event, e);
        }
    }

    private void step(TrackerEvent.Recorded event) throws IOException {
        TaskWriter target = writerOf(event.task());
        List<Frame> frames = new ArrayList<>();
        for (StepData.Picture picture : event.data().pictures) {
            Frame frame = frame(target, event, picture);
            if (frame != null) {
                frames.add(frame);
            }
        }
        StepData data = event.data();
        target.append(new Step(
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
                Map.of()));
        written.incrementAndGet();
        tellLosses(event.task());
    }

    /** The picture stored; null if it could not be, which is a counted loss and no reason to lose the step too. */
    private @Nullable Frame frame(TaskWriter target, TrackerEvent.Recorded event, StepData.Picture picture) {
        try {
            return target.writeFrame(
                    event.stepNumber(), picture.role(), picture.png(), picture.sensitive(), picture.capturedAt());
        } catch (BrokenImageException e) {
            event.task().droppedScreenshots.add(DropReason.NOT_AN_IMAGE);
        } catch (IOException e) {
            event.task().droppedScreenshots.add(DropReason.OUTBOX_UNWRITABLE);
            lastError = e.toString();
        }
        return null;
    }

    /** Writes the running totals when they have grown since they were last written. */
    private void tellLosses(OpenTask task) throws IOException {
        long dropped = task.dropped();
        if (dropped > lossesTold) {
            StepRecord losses = new Losses(
                    task.id(), Instant.now(), task.droppedSteps.byKey(), task.droppedScreenshots.byKey(), Map.of());
            writerOf(task).append(losses);
            lossesTold = dropped;
        }
    }

    /** The task's writer; made when the task is first written to, again and again while that fails. */
    private TaskWriter writerOf(OpenTask task) throws IOException {
        TaskWriter open = task.id().equals(writing) ? writer : null;
        if (open == null) {
            closeWriter();
            open = outbox.newTask(task.id());
            writer = open;
            writing = task.id();
            startTold = false;
            lossesTold = 0;
        }
        if (!startTold) {
            open.append(task.started);
            startTold = true;
        }
        return open;
    }

    private void closeWriter() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException e) {
            lastError = e.toString();
        } finally {
            writer = null;
            writing = null;
        }
    }

    private void failed(TrackerEvent event, Throwable error) {
        lastError = error.toString();
        if (event instanceof TrackerEvent.Recorded step) {
            step.task()
                    .droppedSteps
                    .add(error instanceof IOException ? DropReason.OUTBOX_UNWRITABLE : DropReason.INVALID);
        }
        if (!failing) {
            failing = true;
            LOG.warn("Steps are being dropped: {}", error.toString());
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.warn("Steps are being recorded again");
        }
    }
}
