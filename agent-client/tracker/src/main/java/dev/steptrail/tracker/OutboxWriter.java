package dev.steptrail.tracker;

import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxFullException;
import dev.steptrail.tracker.outbox.OutboxRoom;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
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
    private final OutboxRoom room;
    private final TrackerCounts counts;
    private final Redactors redactors;
    private final boolean synced;
    private final Duration quiet;
    private final DropWarning warning;

    private @Nullable TaskRecording recording;
    private TrackerEvent.@Nullable Ended unwrittenEnd;

    OutboxWriter(HandoffQueue queue, Outbox outbox, TrackerCounts counts, StepTrackerBuilder settings) {
        this.queue = queue;
        this.outbox = outbox;
        this.room = outbox.room(settings.maxOutboxBytes);
        this.redactors = settings.redactors();
        this.counts = counts;
        this.synced = settings.durability == Durability.SYNCED;
        this.quiet = settings.quiet;
        this.warning = new DropWarning(settings.quiet, "Steps are being recorded whole again");
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
        TrackerEvent event = queue.poll(pause());
        if (event != null) {
            write(event);
        } else if (!closed) {
            beIdle();
        }
        return !closed || event != null;
    }

    /** How long to wait at most for the next event. */
    private Duration pause() {
        if (unwrittenEnd != null) {
            return BETWEEN_ATTEMPTS;
        }
        return warning.isOpen() ? quiet : FOREVER;
    }

    private void beIdle() {
        if (unwrittenEnd != null) {
            write(unwrittenEnd);
        } else {
            tellLosses(true);
        }
        warning.tell();
    }

    private void tellLosses(boolean atOnce) {
        try {
            if (recording != null) {
                recording.tellLosses(atOnce);
            }
        } catch (IOException e) {
            counts.failed(e); // they are told with the next step, or the end
        }
    }

    private void write(TrackerEvent event) {
        try {
            if (event instanceof TrackerEvent.Started started) {
                leaveTask();
                recording = new TaskRecording(outbox, room, started.task(), redactors, counts, warning);
                recording.start();
            } else if (event instanceof TrackerEvent.Recorded step) {
                Objects.requireNonNull(recording).add(step);
                counts.written.incrementAndGet();
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
        if (event instanceof TrackerEvent.Recorded step) {
            step.task().droppedSteps.add(reasonOf(error));
        }
        counts.failed(error);
        if (error instanceof OutboxFullException) {
            warning.dropped("Steps are being dropped: " + error.getMessage());
            tellLosses(false);
        } else if (error instanceof IOException) {
            warning.dropped("Steps are being dropped, the outbox cannot be written to: " + error);
        } else {
            warning.dropped("Steps are being dropped: " + error);
        }
    }

    private static DropReason reasonOf(Throwable error) {
        if (error instanceof OutboxFullException) {
            return DropReason.OUTBOX_FULL;
        }
        return error instanceof IOException ? DropReason.OUTBOX_UNWRITABLE : DropReason.INVALID;
    }
}
