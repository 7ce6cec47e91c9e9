package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.TaskDeletion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Concurrent writers of the same tasks, with maintenance running, and changes while a writer waits for a lock. */
class ConcurrentWritersIT {
    private static final TestDatabase DATABASE =
            TestDatabase.migrated().register("sender", "alice").register("bob", "bob");

    /** Enough that writers without a lock order would deadlock. */
    private static final int TASKS = 10;

    /** Each is written by two writers concurrently. */
    private static final int BATCHES = 1000;

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final List<Database> opened = new ArrayList<>();
    private final UUID task = UuidV7.at(START);
    private final UUID later = UuidV7.at(START.plusSeconds(1)); // locked after the other

    @AfterEach
    void close() {
        pool.shutdownNow();
        opened.forEach(Database::close);
    }

    /** While another session locks the task's counters, three writers copy their steps and wait to count them. */
    @Test
    void writersOfOneTask_copyStepsConcurrently() throws Exception {
        DATABASE.write(started(task));

        List<Future<WriteResult>> results = database().inTransaction(session -> {
            session.execute("SELECT FROM tasks WHERE task_id = '" + task + "' FOR NO KEY UPDATE");
            List<Future<WriteResult>> written = new ArrayList<>();
            for (int number : List.of(1, 2, 3)) {
                DatabaseStepWriter writer = writer();
                written.add(pool.submit(() -> writer.write(List.of(message("sender", step(task, number))))));
            }
            DATABASE.awaitLockWaits(3);
            return written;
        });

        for (Future<WriteResult> result : results) {
            assertThat(result.get().steps()).isEqualTo(1);
        }
        assertThat(DATABASE.task(task, "total_steps")).isEqualTo("3");
    }

    /** Updates of a task wait only for the session that is counting. */
    @Test
    @Tag("slow")
    @Timeout(60)
    void lossesOfATaskWithManyWriters_areStored_andBlockNoOtherWriter() throws Exception {
        UUID bobs = UuidV7.at(START.minusSeconds(1000));
        List<UUID> hot = Stream.generate(() -> UuidV7.at(START)).limit(20).toList();
        DATABASE.write(message("bob", started(bobs)));
        hot.forEach(task -> DATABASE.write(started(task)));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger number = new AtomicInteger();
        List<Future<?>> flood = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            DatabaseStepWriter writer = writer();
            flood.add(pool.submit(() -> {
                while (!stop.get()) {
                    int next = number.incrementAndGet();
                    writer.write(hot.stream()
                            .map(task -> message("sender", step(task, next)))
                            .toList());
                }
            }));
        }
        while (number.get() < 50) {
            Thread.onSpinWait();
        }

        for (long lost = 1; lost <= 20; lost++) {
            DATABASE.write(message("bob", step(bobs, (int) lost)), message("sender", losses(hot.get(10), lost)));
        }
        int before = number.get();
        while (number.get() < before + 50) {
            Thread.onSpinWait();
        }
        stop.set(true);
        for (Future<?> one : flood) {
            one.get();
        }

        assertThat(DATABASE.task(hot.get(10), "dropped_steps")).isEqualTo("20");
        assertThat(DATABASE.column("SELECT DISTINCT total_steps FROM tasks WHERE task_id = ANY ('"
                        + hot.toString().replace('[', '{').replace(']', '}') + "')"))
                .containsExactly(number.toString());
    }

    @Test
    @Tag("slow")
    void processingChangedTasks_neverDeadlocksWithWriters() throws Exception {
        long deadlocksBefore = DATABASE.deadlocks();
        AtomicBoolean stop = new AtomicBoolean();
        Future<?> looking = pool.submit(() -> {
            ChangedTaskProcessor processor = new ChangedTaskProcessor(database());
            while (!stop.get()) {
                processor.processNext(500, Duration.ofMinutes(1));
            }
        });
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            List<UUID> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                tasks.add(UuidV7.at(START.plusSeconds(i)));
            }
            Collections.shuffle(tasks, random); // so that their changes are in another order than their ids
            tasks.forEach(task -> DATABASE.write(started(task), step(task, 2)));
            for (int i = 1; i <= 4; i++) {
                int times = i;
                DATABASE.write(tasks.stream()
                        .map(task -> message("sender", step(task, 2 + 2 * times), losses(task, times)))
                        .toArray(ReceivedMessage[]::new));
            }
        }
        stop.set(true);
        looking.get();
        close();

        assertThat(DATABASE.deadlocks()).isEqualTo(deadlocksBefore);
    }

    /** Separate writers send overlapping batches in opposite orders. */
    @Test
    @Tag("slow")
    void writersOfTheSameTasksInOppositeOrder_neverDeadlockAndCountExactly() throws Exception {
        List<UUID> tasks = Stream.generate(() -> UuidV7.at(START)).limit(TASKS).toList();
        long deadlocksBefore = DATABASE.deadlocks();

        Future<WriteResult> forwards = pool.submit(() -> writeAll(tasks, false));
        Future<WriteResult> backwards = pool.submit(() -> writeAll(tasks, true));

        WriteResult sum = forwards.get().plus(backwards.get());
        assertThat(sum.steps()).isEqualTo(TASKS * BATCHES);
        assertThat(sum.duplicates()).isEqualTo(TASKS * BATCHES);
        assertThat(DATABASE.deadlocks()).isEqualTo(deadlocksBefore);
        assertThat(DATABASE.count("rejected_messages WHERE sender_id = 'stranger'"))
                .isEqualTo(BATCHES);
        assertThat(DATABASE.column(
                        "SELECT task_id FROM tasks AS t WHERE total_steps <> (SELECT count(*) FROM task_steps"
                                + " AS s WHERE s.task_id = t.task_id)"))
                .isEmpty();
    }

    private static WriteResult writeAll(List<UUID> tasks, boolean backwards) {
        WriteResult sum = WriteResult.NONE;
        try (Database connection = DATABASE.database()) {
            DatabaseStepWriter writer = new DatabaseStepWriter(connection);
            for (int number = 1; number <= BATCHES; number++) {
                List<ReceivedMessage> batch = new ArrayList<>();
                for (UUID task : tasks) {
                    batch.add(message("sender", step(task, number)));
                }
                batch.add(message("stranger", step(tasks.get(0), number)));
                if (number % 3 == 0) {
                    // This batch also updates a task.
                    batch.add(message("sender", started(tasks.get(number % tasks.size()))));
                }
                if (backwards) {
                    Collections.reverse(batch);
                }
                sum = sum.plus(writer.write(batch));
            }
        }
        return sum;
    }

    private static Losses losses(UUID task, long count) {
        return new Losses(task, START, Map.of("full", count), Map.of(), Map.of());
    }

    private Database database() {
        Database database = DATABASE.database();
        opened.add(database);
        return database;
    }

    private DatabaseStepWriter writer() {
        return new DatabaseStepWriter(database());
    }

    /** While the writer waits for the first of two tasks, it must not lock the second, which is transferred. */
    @Test
    void transferredTask_isLockedInIdOrderToo() throws Exception {
        DATABASE.register("late", "late", "alice");
        DATABASE.write(message("late", step(task, 1), step(later, 1)));

        WriteResult result = DATABASE.callDuring(
                lock(task, "FOR UPDATE"),
                () -> DATABASE.write(message("late", step(task, 2), started(later, "alice"))),
                () -> DATABASE.execute(lock(later, "FOR UPDATE NOWAIT")));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(DATABASE.task(later, "owner")).isEqualTo("alice");
    }

    @Test
    void stepWrittenConcurrently_isSeenAfterItsCommit() throws Exception {
        DATABASE.write(started(task), step(task, 1));

        WriteResult result =
                DATABASE.callDuring("""
                INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at)
                SELECT task_id, 2, 'of another', step_data, created_at FROM task_steps WHERE task_id = '%1$s';
                UPDATE tasks SET total_steps = total_steps + 1 WHERE task_id = '%1$s'
                """.formatted(task), () -> DATABASE.write(step(task, 2), step(task, 3)));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(result.conflicts()).isEqualTo(1);
        assertThat(DATABASE.column(
                        "SELECT step_type FROM task_steps WHERE task_id = '" + task + "' AND step_number = 2"))
                .containsExactly("of another");
        assertThat(DATABASE.task(task, "total_steps")).isEqualTo("3");
    }

    @Test
    void concurrentlyDeletedTask_staysDeleted() throws Exception {
        DATABASE.write(started(task), step(task, 1));

        WriteResult result = DATABASE.callDuring(
                "UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + task + "'",
                () -> DATABASE.write(step(task, 2)));

        assertThat(result).isEqualTo(new WriteResult(0, 0, 0, 0, 1));
        assertThat(DATABASE.count("task_steps", task)).isOne();
    }

    @Test
    void concurrentlyArchivedTask_rejectsStepsThatItsArchiveContains() throws Exception {
        DATABASE.write(started(task), step(task, 1));

        WriteResult result =
                DATABASE.callDuring("""
                UPDATE tasks SET status = 'archived', archived_status = status WHERE task_id = '%1$s';
                INSERT INTO task_processing (task_id, changed_at, counted_steps) VALUES ('%1$s', now(), '{[1,3)}')
                """.formatted(task), () -> DATABASE.write(step(task, 2), step(task, 3)));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(DATABASE.column("SELECT step_number FROM task_steps WHERE task_id = '" + task + "' ORDER BY 1"))
                .containsExactly("1", "3");
    }

    /** The transaction that starts first waits for another task, and so counts last. */
    @Test
    void transactionThatStartedBeforeACallAndCountedAfterIt_isProcessedByTheNextCall() throws Exception {
        DATABASE.write(started(task), started(later));
        ChangedTaskProcessor processor = new ChangedTaskProcessor(database());

        DATABASE.callDuring(
                lock(task, "FOR NO KEY UPDATE"), () -> DATABASE.write(step(task, 1), step(later, 7)), () -> {
                    DATABASE.write(step(later, 8));
                    processor.processNext(1000, Duration.ofMinutes(1));
                });
        processor.processNext(1000, Duration.ofMinutes(1));

        assertThat(DATABASE.value("SELECT counted_steps FROM task_processing WHERE task_id = '" + later + "'"))
                .isEqualTo("{[7,9)}");
    }

    /** Only the rejected record names the task. */
    @Test
    void rejectionOfAConcurrentlyDeletedTask_isNotStored() throws Exception {
        DATABASE.write(started(task), started(later));

        WriteResult result = DATABASE.callDuring(
                lock(task, "FOR NO KEY UPDATE"),
                () -> DATABASE.write(message("sender", step(task, 1)), message("bob", step(later, 1))),
                () -> new TaskDeletion(database()).delete(later, "alice"));

        assertThat(result).isEqualTo(new WriteResult(1, 0, 0, 0, 1));
        assertThat(DATABASE.count("rejected_messages", later)).isZero();
    }

    private static String lock(UUID task, String mode) {
        return "SELECT FROM tasks WHERE task_id = '" + task + "' " + mode;
    }
}
