package dev.steptrail.tracker;

import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.time.Duration;
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

    private @Nullable TaskRecording recording;
    private TrackerEvent.@Nullable Ended unwrittenEnd;
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
                if (event instanceof TrackerEvent.OfTask ofTask) {
                    write(ofTask);
                } else if (event instanceof TrackerEvent.Flush flush) {
                    flush.done().complete(null);
                } else {
                    if (unwrittenEnd != null) {
                        write(unwrittenEnd);
                    }
                    if (closing) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeRecording();
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

    private void write(TrackerEvent.OfTask event) {
        try {
            if (event instanceof TrackerEvent.Started started) {
                begin(started.task()).start();
            } else if (event instanceof TrackerEvent.Recorded step) {
                write(step);
            } else if (event instanceof TrackerEvent.Ended ended) {
                end(ended);
            }
            recovered();
        } catch (Throwable e) { // one event must not end the thread that all others need
            failed(event, e);
        }
    }

    private void write(TrackerEvent.Recorded step) throws IOException {
        if (recording == null || recording.task() != step.task()) {
            // A thread of the agent took its number just before the task ended, and came here after that.
            step.task().droppedSteps.add(DropReason.NO_TASK);
        } else {
            recording.add(step);
            written.incrementAndGet();
        }
    }

    /** An end that cannot be written is tried again while nothing else is to be done: without it a task seems abandoned. */
    private void end(TrackerEvent.Ended ended) throws IOException {
        if (recording != null && recording.task() == ended.task()) {
            unwrittenEnd = ended;
            recording.end(ended.record());
            closeRecording();
        }
    }

    private TaskRecording begin(OpenTask task) {
        closeRecording();
        TaskRecording begun = new TaskRecording(outbox, task, e -> lastError = e.toString());
        recording = begun;
        return begun;
    }

    private void closeRecording() {
        try {
            if (recording != null) {
                recording.close();
            }
        } catch (IOException e) {
            lastError = e.toString();
        } finally {
            recording = null;
            unwrittenEnd = null;
        }
    }

    private void failed(TrackerEvent.OfTask event, Throwable error) {
        lastError = error.toString();
        boolean unwritable = error instanceof IOException;
        if (event instanceof TrackerEvent.Recorded step) {
            step.task().droppedSteps.add(unwritable ? DropReason.OUTBOX_UNWRITABLE : DropReason.INVALID);
        }
        if (unwritable && !failing) {
            failing = true;
            LOG.warn("Steps are being dropped: {}", error.toString());
        } else if (!unwritable) {
            LOG.debug("A step could not be recorded", error);
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.warn("Steps are being recorded again");
        }
    }
}
