package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.TaskDeletion;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches whose tasks are changed while their writer waits for a lock. */
class ConcurrentChangeIT {
    private static final TestDatabase DATABASE =
            TestDatabase.migrated().register("sender", "alice").register("bob", "bob");

    private final Database connection = DATABASE.database();
    private final UUID task = UuidV7.at(START);
    private final UUID later = UuidV7.at(START.plusSeconds(1)); // locked after the other

    @AfterEach
    void close() {
        connection.close();
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
        ChangedTaskProcessor processor = new ChangedTaskProcessor(connection);

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
                () -> new TaskDeletion(connection).delete(later, "alice"));

        assertThat(result).isEqualTo(new WriteResult(1, 0, 0, 0, 1));
        assertThat(DATABASE.count("rejected_messages", later)).isZero();
    }

    private static String lock(UUID task, String mode) {
        return "SELECT FROM tasks WHERE task_id = '" + task + "' " + mode;
    }
}
