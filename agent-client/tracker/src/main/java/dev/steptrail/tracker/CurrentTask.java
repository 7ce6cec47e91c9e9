package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The task that is open, if any. The next one begins only once the end of the one before is queued. Thread-safe. */
final class CurrentTask {
    private final HandoffQueue queue;
    private final TrackerCounts counts;
    private volatile @Nullable OpenTask open;

    CurrentTask(HandoffQueue queue, TrackerCounts counts) {
        this.queue = queue;
        this.counts = counts;
    }

    @Nullable
    OpenTask get() {
        return open;
    }

    /** Begins a task, which stays without steps if the queue takes no more. */
    synchronized OpenTask begin(AgentIdentity agent, TaskInfo info) {
        end(TaskStatus.CANCELLED, Ending.CANCELLED, "another task was started");
        OpenTask task = new OpenTask(agent.starting(info, Instant.now()), counts);
        if (!queue.isClosed() && isTaken(new TrackerEvent.Started(task))) {
            open = task;
        }
        return task;
    }

    synchronized void end(TaskStatus status, Ending ending, @Nullable String message) {
        OpenTask task = open;
        open = null;
        if (task != null
                && !isTaken(new TrackerEvent.Ended(
                        task,
                        new TaskEnded(task.id(), Instant.now(), status, ending, message, task.end(), Map.of())))) {
            counts.lostEnds.incrementAndGet();
        }
    }

    /** Ends the open task, and the queue after it. */
    synchronized void close() {
        end(TaskStatus.CANCELLED, Ending.CANCELLED, "the tracker was closed");
        queue.close();
    }

    private boolean isTaken(TrackerEvent event) {
        boolean taken = queue.offerControl(event);
        if (!taken) {
            TrackerLog.warn("Begin or end of task " + event.task().id() + " is not recorded: the queue is full");
        }
        return taken;
    }
}
