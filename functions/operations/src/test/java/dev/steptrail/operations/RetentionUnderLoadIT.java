package dev.steptrail.operations;

import static dev.steptrail.operations.ExpiredTasks.A_MINUTE;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests retention of tasks whose steps are still arriving. */
@Tag("slow")
class RetentionUnderLoadIT {
    private static final int STEPS = 30;
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** A round in progress may have read the tasks before the latest step; the next one sees it. */
    private static final int ROUNDS_THAT_REMOVE = 2;

    /** Tasks of two months. */
    private static final List<UUID> TASKS = IntStream.range(0, 6)
            .mapToObj(number -> UuidV7.at(Instant.parse("2025-0%d-10T10:00:00Z".formatted(2 + number % 2))))
            .toList();

    private final AtomicInteger rounds = new AtomicInteger();

    @Test
    void concurrentWritesAndRetention_loseNoStep() throws Exception {
        try (ExpiredTasks tasks = new ExpiredTasks()) {
            Retention atOnce = new Retention(tasks.connection, tasks.objects, Duration.ofNanos(1));
            ExecutorService pool = Executors.newSingleThreadExecutor();
            long removals = 0;
            try {
                Future<?> writer = pool.submit(() -> writeAll(tasks));
                while (!writer.isDone()) {
                    tasks.database
                            .column("SELECT task_id FROM tasks WHERE status = 'archived'")
                            .forEach(task -> tasks.restored(UUID.fromString(task)));
                    tasks.processChanged();
                    Map<String, Long> counts = atOnce.run(A_MINUTE, null).counts();
                    rounds.incrementAndGet();
                    removals += counts.get("deleted_tasks");
                }
                writer.get();
            } finally {
                pool.shutdownNow();
            }
            tasks.processChanged();
            atOnce.run(A_MINUTE, null);

            assertThat(removals).isGreaterThan(1);
            assertThat(tasks.database.count("task_steps")).isZero();
            for (UUID task : TASKS) {
                assertThat(tasks.restored(task).steps()).isEqualTo(STEPS);
            }
            assertThat(tasks.database.column("SELECT count(*) FROM task_steps GROUP BY task_id"))
                    .hasSize(TASKS.size())
                    .containsOnly(String.valueOf(STEPS));
            assertThat(tasks.database.value(
                            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
                    .isEqualTo("0");
        }
    }

    /**
     * Writes one step per batch. Waits for retention at times, so that rows are removed between two steps of a task.
     */
    private void writeAll(ExpiredTasks tasks) {
        Random random = new Random(7);
        try (Database database = tasks.database.database()) {
            DatabaseStepWriter writer = new DatabaseStepWriter(database);
            for (UUID task : TASKS) {
                writer.write(List.of(message("sender", started(task), ended(task, TaskStatus.SUCCEEDED, STEPS))));
            }
            for (int number = 1; number <= STEPS; number++) {
                for (UUID task : TASKS) {
                    writer.write(List.of(message("sender", step(task, number))));
                    LockSupport.parkNanos(PAUSE.toNanos());
                    if (random.nextInt(24) == 0) {
                        awaitRounds(ROUNDS_THAT_REMOVE);
                    }
                }
            }
        }
    }

    private void awaitRounds(int count) {
        int target = rounds.get() + count;
        while (rounds.get() < target && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
