package dev.steptrail.shipper;

import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/**
 * Tracks the tasks that could not be shipped. A failed task is skipped for the rest of the pass, so that it does not
 * delay others. A task that the queue or bucket blocks is retried in the next pass. A task with a broken folder is
 * retried with exponential back-off, from 1 s to a minute. Not thread-safe.
 */
final class TaskFailures {
    private static final BackoffStrategy BACKOFF =
            BackoffStrategy.exponentialDelayWithoutJitter(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private static final int MAX_NAMED = 5;

    private final Clock clock;
    private final Map<UUID, Failure> broken = new TreeMap<>();
    private final Map<TaskShipper, Throwable> brokenInPass = new HashMap<>();
    private final Set<TaskShipper> skipped = new HashSet<>();
    private @Nullable ShipException blocked;

    /** The last failure of a task, and the number of consecutive failures. */
    private record Failure(String message, Instant lastFailedAt, int count) {}

    @FunctionalInterface
    interface FolderWork {
        void run() throws IOException;
    }

    TaskFailures(Clock clock) {
        this.clock = clock;
    }

    /** Returns whether to ship a task: it has not failed, its back-off has elapsed, or the clock was set back. */
    boolean isDue(OutboxTask task) {
        Instant now = clock.instant();
        Failure failure = broken.get(task.id());
        return failure == null
                || now.isBefore(failure.lastFailedAt())
                || !now.isBefore(failure.lastFailedAt().plus(BACKOFF.computeDelay(failure.count() + 1)));
    }

    /** Starts a pass, in which no task is skipped yet. */
    void startPass() {
        brokenInPass.clear();
        skipped.clear();
        blocked = null;
    }

    /** Runs the work. Marks the task as failed and returns false if the work throws. */
    boolean attempt(TaskShipper task, FolderWork work) {
        try {
            work.run();
            return true;
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            fail(task, e);
            return false;
        }
    }

    /** Skips a task because of a broken folder, an unexpected error or a lack of memory. */
    void fail(TaskShipper task, Throwable e) {
        skipped.add(task);
        brokenInPass.put(task, e);
    }

    /** Skips a task because the queue or the bucket currently fails. */
    void block(TaskShipper task, ShipException e) {
        skipped.add(task);
        blocked = blocked == null ? e : blocked;
    }

    boolean isSkipped(TaskShipper task) {
        return skipped.contains(task);
    }

    void removeSkipped(Collection<TaskShipper> tasks) {
        tasks.removeIf(skipped::contains);
    }

    /** Returns the error of a task that failed in this pass. */
    Optional<Throwable> failure(TaskShipper task) {
        return Optional.ofNullable(brokenInPass.get(task));
    }

    /** @throws ShipException the first error of the queue or the bucket in this pass, if there was one */
    void throwIfBlocked() throws ShipException {
        if (blocked != null) {
            throw blocked;
        }
    }

    /**
     * Ends a pass. Starts the back-off of the tasks that failed, and clears it for the other tasks of the pass.
     *
     * @param shipped the tasks of the pass
     * @param all the tasks of the outbox
     * @throws IOException if some tasks are broken; the message names the first five
     */
    void endPass(List<TaskShipper> shipped, List<OutboxTask> all) throws IOException {
        for (TaskShipper task : shipped) {
            Throwable e = brokenInPass.get(task);
            if (e == null) {
                broken.remove(task.id());
            } else {
                String message = task.task().folder() + " is not shipped: " + e;
                broken.merge(
                        task.id(),
                        new Failure(message, clock.instant(), 1),
                        (previous, latest) -> new Failure(message, latest.lastFailedAt(), previous.count() + 1));
            }
        }
        broken.keySet().retainAll(all.stream().map(OutboxTask::id).toList());
        if (!broken.isEmpty()) {
            String message = broken.values().stream()
                    .limit(MAX_NAMED)
                    .map(Failure::message)
                    .collect(Collectors.joining("; "));
            int unnamed = broken.size() - MAX_NAMED;
            throw new IOException(unnamed > 0 ? message + "; and " + unnamed + " more" : message);
        }
    }
}
