package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.LossReason;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxQuota;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import dev.steptrail.tracker.screenshot.RedactedScreenshot;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The writer thread: takes events from the queue, redacts them and writes them with each task's {@link TaskRecorder}.
 * A failure is counted as a loss of the event's task and does not affect other events.
 */
final class OutboxWriter implements Runnable {
    private static final Duration UNLIMITED = Duration.ofDays(365);
    private static final Duration END_RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration OUT_OF_MEMORY_PAUSE = Duration.ofMillis(100);

    /** How many unwritten ends are kept for retries; the oldest is dropped first. Each holds memory and open files. */
    private static final int MAX_UNWRITTEN_ENDS = 64;

    private final HandoffQueue queue;
    private final Outbox outbox;
    private final OutboxQuota quota;
    private final TrackerCounts counts;
    private final Redactor redactor;
    private final LossWarnings warnings;
    private final boolean synced;

    private final Set<TrackedTask> openTasks = new LinkedHashSet<>();
    private final Deque<TrackerEvent.Ended> unwrittenEnds = new ArrayDeque<>();

    OutboxWriter(
            HandoffQueue queue,
            Outbox outbox,
            OutboxQuota quota,
            TrackerCounts counts,
            Redactor redactor,
            LossWarnings warnings,
            boolean synced) {
        this.queue = queue;
        this.outbox = outbox;
        this.quota = quota;
        this.counts = counts;
        this.redactor = redactor;
        this.warnings = warnings;
        this.synced = synced;
    }

    /** Writes until the queue is closed and empty. */
    @Override
    public void run() {
        boolean closed = false;
        while (!closed) {
            // Read before take(), so that everything that was queued before the close is taken.
            boolean last = queue.isClosed();
            try {
                TrackerEvent event = queue.take(takeTimeout());
                closed = last && event == null;
                if (event == null) {
                    handleIdle();
                } else {
                    handle(event);
                }
            } catch (Throwable e) { // such as an OutOfMemoryError while a failure is counted: the thread must go on
                counts.setLastErrorType(e);
                // The pause lets other threads free memory. parkNanos() returns at once if the thread is interrupted.
                Thread.interrupted();
                LockSupport.parkNanos(OUT_OF_MEMORY_PAUSE.toNanos());
            }
        }
        retryEnds();
        while (!unwrittenEnds.isEmpty()) {
            giveUp(unwrittenEnds.remove());
        }
        List.copyOf(openTasks).forEach(this::close);
    }

    private void handle(TrackerEvent event) {
        try {
            write(event);
            warnings.log();
        } finally {
            queue.done(event);
        }
    }

    private void handleIdle() {
        retryEnds();
        openTasks.forEach(task -> writeLosses(task, true));
        warnings.log();
    }

    private Duration takeTimeout() {
        if (!unwrittenEnds.isEmpty()) {
            return END_RETRY_INTERVAL;
        }
        return warnings.areOngoing() ? warnings.quietPeriod() : UNLIMITED;
    }

    private void write(TrackerEvent event) {
        try {
            if (event instanceof TrackerEvent.Started) {
                retryEnds();
                recorderOf(event.task()).start();
            } else if (event instanceof TrackerEvent.Recorded step) {
                writeStep(step);
                counts.written.incrementAndGet();
            } else if (event instanceof TrackerEvent.Ended end) {
                writeEnd(end);
            }
            sync(event.task());
        } catch (Throwable e) { // a failed event must not stop the thread
            handleFailure(event, e);
        }
        if (event instanceof TrackerEvent.Ended end && !unwrittenEnds.contains(end)) {
            close(event.task());
        }
    }

    private TaskRecorder recorderOf(TrackedTask task) {
        TaskRecorder recorder = task.recorder;
        if (recorder == null) {
            recorder =
                    new TaskRecorder(outbox, quota, redactor.redactStart(task.started), task.losses, Clock.systemUTC());
            task.recorder = recorder;
            openTasks.add(task);
        }
        return recorder;
    }

    private void writeStep(TrackerEvent.Recorded event) throws IOException {
        TaskRecorder recorder = recorderOf(event.task());
        recorder.requireSpaceForStep();
        if (event.data().droppedScreenshots > 0) {
            event.task().losses.addScreenshots(LossReason.FRAME_QUEUE_FULL, event.data().droppedScreenshots);
        }
        List<Frame> frames = new ArrayList<>();
        for (StepData.StepScreenshot screenshot : event.data().screens) {
            try {
                RedactedScreenshot redacted = redactor.redactScreenshot(event, screenshot);
                frames.add(recorder.addFrame(
                        event.stepNumber(),
                        screenshot.role(),
                        redacted.png(),
                        screenshot.screen().sensitive(),
                        redacted.regions()));
            } catch (Redactor.RedactionFailedException e) {
                countLostScreenshot(event, LossReason.REDACTION_FAILED, e, String.valueOf(e.getMessage()));
            } catch (BrokenImageException e) {
                countLostScreenshot(event, LossReason.NOT_AN_IMAGE, e, String.valueOf(e.getMessage()));
            } catch (IOException e) {
                countLostScreenshot(event, LossReason.ofFailedWrite(e), e, e.toString());
            }
        }
        recorder.add(redactor.redactStep(event, frames));
    }

    private void countLostScreenshot(TrackerEvent event, LossReason reason, Exception error, String message) {
        event.task().losses.addScreenshots(reason, 1);
        counts.setLastError(error);
        warnings.note(reason, "Screenshots are being dropped: " + message);
    }

    /** Writes an end, and retries it later if that fails: without its end, a task counts as abandoned. */
    private void writeEnd(TrackerEvent.Ended end) throws IOException {
        unwrittenEnds.add(end);
        recorderOf(end.task()).end(redactor.redactEnd(end.record()));
        unwrittenEnds.remove(end);
    }

    private void retryEnds() {
        for (TrackerEvent.Ended end : List.copyOf(unwrittenEnds)) {
            unwrittenEnds.remove(end);
            write(end);
        }
        while (unwrittenEnds.size() > MAX_UNWRITTEN_ENDS) {
            giveUp(unwrittenEnds.remove());
        }
    }

    private void giveUp(TrackerEvent.Ended end) {
        counts.lostEnds.incrementAndGet();
        TrackerLog.warn(
                "The end of task " + end.task().id() + " could not be written; the task will count as abandoned");
        close(end.task());
    }

    private void sync(TrackedTask task) {
        try {
            if (synced && task.recorder != null) {
                task.recorder.sync();
            }
        } catch (IOException e) {
            counts.unconfirmed.incrementAndGet();
            counts.setLastError(e);
        }
    }

    private void writeLosses(TrackedTask task, boolean now) {
        try {
            if (task.recorder != null) {
                task.recorder.writeLosses(now);
            }
        } catch (IOException e) {
            counts.setLastError(e); // the losses are written with the next step or the end
        }
    }

    private void close(TrackedTask task) {
        TaskRecorder recorder = task.recorder;
        task.recorder = null;
        openTasks.remove(task);
        try {
            if (recorder != null) {
                recorder.close();
            }
        } catch (IOException e) {
            counts.setLastError(e);
        }
    }

    private void handleFailure(TrackerEvent event, Throwable error) {
        LossReason reason = error instanceof IOException e ? LossReason.ofFailedWrite(e) : LossReason.INVALID;
        if (event instanceof TrackerEvent.Recorded step) {
            step.task().losses.addStep(reason);
        }
        counts.setLastError(error);
        warnings.note(
                reason,
                "Steps are being dropped: "
                        + (reason == LossReason.OUTBOX_UNWRITABLE ? "the outbox cannot be written to: " : "")
                        + (reason == LossReason.OUTBOX_FULL ? error.getMessage() : error));
        if (reason == LossReason.OUTBOX_FULL) {
            writeLosses(event.task(), false);
        }
    }
}
