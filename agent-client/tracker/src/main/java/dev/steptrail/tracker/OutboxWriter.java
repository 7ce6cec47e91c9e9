package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.LossReason;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxQuota;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import dev.steptrail.tracker.internal.outbox.VerdictRecorder;
import dev.steptrail.tracker.screenshot.RedactedScreenshot;
import java.io.Closeable;
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
 * The writer thread: takes events from the queue, redacts them and writes them with each task's {@link TaskRecorder}. A
 * failure is counted as a loss of the event's task and does not affect other events.
 */
final class OutboxWriter implements Runnable {
    private static final Duration UNLIMITED = Duration.ofDays(365);
    private static final Duration END_RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration OUT_OF_MEMORY_PAUSE = Duration.ofMillis(100);

    /** The maximum number of ends to retry. Each keeps its task's files open. The oldest is dropped first. */
    private static final int MAX_PENDING_ENDS = 64;

    private final HandoffQueue queue;
    private final Outbox outbox;
    private final OutboxQuota quota;
    private final TrackerCounts counts;
    private final Redactor redactor;
    private final LossWarnings warnings;
    private final boolean syncsEachEvent;

    private final VerdictRecorder verdicts;
    private final Set<TrackedTask> openTasks = new LinkedHashSet<>();
    private final Deque<TrackerEvent.Ended> pendingEnds = new ArrayDeque<>();

    OutboxWriter(
            HandoffQueue queue,
            Outbox outbox,
            OutboxQuota quota,
            TrackerCounts counts,
            Redactor redactor,
            LossWarnings warnings,
            boolean syncsEachEvent) {
        this.queue = queue;
        this.outbox = outbox;
        this.quota = quota;
        this.counts = counts;
        this.redactor = redactor;
        this.warnings = warnings;
        this.syncsEachEvent = syncsEachEvent;
        verdicts = new VerdictRecorder(outbox, quota, Clock.systemUTC());
    }

    /** Writes until the queue is closed and empty. */
    @Override
    public void run() {
        boolean closed = false;
        while (!closed) {
            // Read before take(), so that everything that was queued before the close is taken.
            boolean closing = queue.isClosed();
            try {
                TrackerEvent event = queue.take(nextTimeout());
                closed = closing && event == null;
                if (event == null) {
                    runIdleWork();
                } else {
                    handle(event);
                }
            } catch (Throwable e) { // such as an OutOfMemoryError while a failure is counted; must not stop the thread
                counts.setLastErrorType(e);
                // The pause lets other threads free memory. parkNanos() returns at once if the thread is interrupted.
                Thread.interrupted();
                LockSupport.parkNanos(OUT_OF_MEMORY_PAUSE.toNanos());
            }
        }
        retryPendingEnds();
        while (!pendingEnds.isEmpty()) {
            abandonEnd(pendingEnds.remove());
        }
        List.copyOf(openTasks).forEach(this::close);
        close(verdicts);
    }

    private void handle(TrackerEvent event) {
        try {
            if (event instanceof TrackerEvent.OfTask ofTask) {
                write(ofTask);
            } else if (event instanceof TrackerEvent.Judged judged) {
                writeVerdict(judged.verdict());
            }
            warnings.logPending();
        } finally {
            queue.complete(event);
        }
    }

    private void runIdleWork() {
        retryPendingEnds();
        openTasks.forEach(task -> writeLosses(task, true));
        warnings.logPending();
    }

    private Duration nextTimeout() {
        if (!pendingEnds.isEmpty()) {
            return END_RETRY_INTERVAL;
        }
        return warnings.hasPending() ? warnings.quietPeriod() : UNLIMITED;
    }

    private void writeVerdict(Verdict verdict) {
        try {
            verdicts.add(redactor.redactVerdict(verdict));
        } catch (Throwable e) { // a failed event must not stop the thread
            counts.lostVerdicts.incrementAndGet();
            counts.setLastError(e);
            warnings.note(
                    e instanceof IOException failure ? LossReason.fromWriteFailure(failure) : LossReason.INVALID,
                    "Verdicts are being dropped: " + e);
            return;
        }
        try {
            if (syncsEachEvent) {
                verdicts.sync();
            }
        } catch (IOException e) {
            counts.unconfirmed.incrementAndGet();
            counts.setLastError(e);
        }
    }

    private void write(TrackerEvent.OfTask event) {
        try {
            if (event instanceof TrackerEvent.Started) {
                retryPendingEnds();
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
        if (event instanceof TrackerEvent.Ended end && !pendingEnds.contains(end)) {
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
                countLostScreenshot(event, LossReason.fromWriteFailure(e), e, e.toString());
            }
        }
        recorder.add(redactor.redactStep(event, frames));
    }

    private void countLostScreenshot(TrackerEvent.OfTask event, LossReason reason, Exception error, String message) {
        event.task().losses.addScreenshots(reason, 1);
        counts.setLastError(error);
        warnings.note(reason, "Screenshots are being dropped: " + message);
    }

    /** Writes an end. Retries it later if that fails, because a task without an end is marked as abandoned. */
    private void writeEnd(TrackerEvent.Ended end) throws IOException {
        pendingEnds.add(end);
        recorderOf(end.task()).end(redactor.redactEnd(end.record()));
        pendingEnds.remove(end);
    }

    private void retryPendingEnds() {
        for (TrackerEvent.Ended end : List.copyOf(pendingEnds)) {
            pendingEnds.remove(end);
            write(end);
        }
        while (pendingEnds.size() > MAX_PENDING_ENDS) {
            abandonEnd(pendingEnds.remove());
        }
    }

    private void abandonEnd(TrackerEvent.Ended end) {
        counts.lostEnds.incrementAndGet();
        TrackerLog.warn(
                "The end of task " + end.task().id() + " could not be written; the task will be marked as abandoned");
        close(end.task());
    }

    private void sync(TrackedTask task) {
        try {
            if (syncsEachEvent && task.recorder != null) {
                task.recorder.sync();
            }
        } catch (IOException e) {
            counts.unconfirmed.incrementAndGet();
            counts.setLastError(e);
        }
    }

    private void writeLosses(TrackedTask task, boolean immediately) {
        try {
            if (task.recorder != null) {
                task.recorder.writeLosses(immediately);
            }
        } catch (IOException e) {
            counts.setLastError(e); // the losses will be written with the next step or the end
        }
    }

    private void close(TrackedTask task) {
        TaskRecorder recorder = task.recorder;
        task.recorder = null;
        openTasks.remove(task);
        if (recorder != null) {
            close(recorder);
        }
    }

    private void close(Closeable recorder) {
        try {
            recorder.close();
        } catch (IOException e) {
            counts.setLastError(e);
        }
    }

    private void handleFailure(TrackerEvent.OfTask event, Throwable error) {
        LossReason reason = error instanceof IOException e ? LossReason.fromWriteFailure(e) : LossReason.INVALID;
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
