package dev.steptrail.tracker;

import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The writer thread: takes events one by one and writes them to the outbox. Whatever fails is counted as a loss of its
 * task, and the next event gets its chance.
 */
final class OutboxWriter implements Runnable {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final HandoffQueue queue;
    private final Outbox outbox;
    private final TrackerCounts counts;
    private final boolean synced;
    private final DropWarning warning;

    private @Nullable TaskRecording recording;
    private TrackerEvent.@Nullable Ended unwrittenEnd;

    /**
     * Forces each record to the disk if {@code synced}; tells that dropping has ended when nothing was dropped for {@code
     * quiet}.
     */
    OutboxWriter(HandoffQueue queue, Outbox outbox, TrackerCounts counts, boolean synced, Duration quiet) {
        this.queue = queue;
        this.outbox = outbox;
        this.counts = counts;
        this.synced = synced;
        this.warning = new DropWarning(quiet, "Steps are being recorded again");
    }

    /** Writes until the queue is closed and empty. */
    @Override
    public void run() {
        boolean more = true;
        while (more) {
            try {
                more = writeNext();
            } catch (Throwable e) { // such as no memory to count a failure with: the next event needs this thread, too
                counts.failedBadly(e);
            }
        }
        try {
            leaveTask();
        } finally {
            queue.finish();
        }
    }

    /** False once the queue is closed and was empty after that. */
    private boolean writeNext() {
        // Asked first: what was offered before the queue was closed is then in it.
        boolean closed = queue.isClosed();
        TrackerEvent event = queue.poll(unwrittenEnd == null ? FOREVER : BETWEEN_ATTEMPTS);
        if (event != null) {
            write(event);
        } else if (unwrittenEnd != null && !closed) {
            write(unwrittenEnd);
        }
        return !closed || event != null;
    }

    private void write(TrackerEvent event) {
        try {
            if (event instanceof TrackerEvent.Started started) {
                leaveTask();
                recording = new TaskRecording(outbox, started.task(), counts);
                recording.start();
            } else if (event instanceof TrackerEvent.Recorded step) {
                write(step);
            } else if (event instanceof TrackerEvent.Ended ended) {
                end(ended);
            }
            sync();
        } catch (Throwable e) { // one event must not end the thread that all others need
            failed(event, e);
        }
        warning.tell();
        if (recording != null && recording.isEnded()) {
            closeRecording();
        }
    }

    private void write(TrackerEvent.Recorded step) throws IOException {
        if (recording == null || recording.task() != step.task()) {
            // A thread of the agent took its number just before the task ended, and came here after that.
            step.task().droppedSteps.add(DropReason.NO_TASK);
        } else {
            recording.add(step);
            counts.written.incrementAndGet();
        }
    }

    /** An end that cannot be written is tried again while nothing else is to be done: without it a task seems abandoned. */
    private void end(TrackerEvent.Ended ended) throws IOException {
        if (recording != null && recording.task() == ended.task()) {
            unwrittenEnd = ended;
            recording.end(ended.record());
            unwrittenEnd = null;
        }
    }

    /** The last chance of an end that could not be written so far. */
    private void leaveTask() {
        if (unwrittenEnd != null) {
            write(unwrittenEnd);
        }
        if (unwrittenEnd != null) {
            counts.lostEnds.incrementAndGet();
            TrackerLog.warn("The end of task " + unwrittenEnd.task().id()
                    + " and what was lost of it could not be written" + ", so the task will seem abandoned");
            unwrittenEnd = null;
        }
        closeRecording();
    }

    private void sync() {
        try {
            if (synced && recording != null) {
                recording.sync();
            }
        } catch (IOException e) {
            counts.unconfirmed.incrementAndGet();
            counts.failed(e);
        }
    }

    private void closeRecording() {
        try {
            if (recording != null) {
                recording.close();
            }
        } catch (IOException e) {
            counts.failed(e);
        } finally {
            recording = null;
        }
    }

    private void failed(TrackerEvent event, Throwable error) {
        boolean unwritable = error instanceof IOException;
        if (event instanceof TrackerEvent.Recorded step) {
            step.task().droppedSteps.add(unwritable ? DropReason.OUTBOX_UNWRITABLE : DropReason.INVALID);
        }
        counts.failed(error);
        if (unwritable) {
            warning.dropped("Steps are being dropped, the outbox cannot be written to: " + error);
        } else if (error instanceof Error) {
            warning.dropped("Steps are being dropped: " + error);
        }
    }
}
