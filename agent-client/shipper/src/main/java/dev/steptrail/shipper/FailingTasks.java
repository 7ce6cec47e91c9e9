package dev.steptrail.shipper;

import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The tasks that cannot be shipped for what is wrong with their own folders. Each is tried more and more seldom, up to once a
 * minute, and holds up no other. Not thread-safe.
 */
final class FailingTasks {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int NAMED = 5;

    private final Map<UUID, Failure> failures = new TreeMap<>();

    private record Failure(String told, Instant last, Duration pause) {}

    /** Whether it is time to try the task, which it always is for one that has not failed, and where the clock was set back. */
    boolean isDue(OutboxTask task, Instant now) {
        Failure failure = failures.get(task.id());
        return failure == null
                || now.isBefore(failure.last())
                || !now.isBefore(failure.last().plus(failure.pause()));
    }

    void add(OutboxTask task, Throwable e, Instant now) {
        Failure before = failures.get(task.id());
        Duration pause = before == null ? FIRST_PAUSE : before.pause().multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        String told = task.folder() + " is not shipped: " + e;
        failures.put(task.id(), new Failure(told, now, pause));
    }

    void remove(OutboxTask task) {
        failures.remove(task.id());
    }

    /**
     * Forgets those whose folders have gone.
     *
     * @throws IOException if others are left; it names them
     */
    void throwIfAnyOf(List<OutboxTask> tasks) throws IOException {
        failures.keySet().retainAll(tasks.stream().map(OutboxTask::id).toList());
        if (!failures.isEmpty()) {
            String told =
                    failures.values().stream().limit(NAMED).map(Failure::told).collect(Collectors.joining("; "));
            int more = failures.size() - NAMED;
            throw new IOException(more > 0 ? told + "; and " + more + " more" : told);
        }
    }
}
