package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Batches whose tasks are changed concurrently. */
class ConcurrentChangeIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database CONNECTION = DATABASE.database();
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(CONNECTION);

    static {
        new AgentRepository(CONNECTION).register(new Agent("sender", "alice", List.of()));
    }

    /**
     * While the writer waits for the first of two tasks, it must not lock the second, although that one is transferred.
     */
    @Test
    void transferredTask_isLockedInIdOrderToo() throws Exception {
        new AgentRepository(CONNECTION).register(new Agent("late", "late", List.of("alice")));
        UUID first = UuidV7.at(TestRecords.START);
        UUID second = UuidV7.at(TestRecords.START.plusSeconds(1));
        WRITER.write(List.of(message("late", step(first, 1), step(second, 1))));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Database other = DATABASE.database();
                Database waiting = DATABASE.database()) {
            Future<WriteResult> result = other.inTransaction(session -> {
                try (var statement = session.connection().createStatement()) {
                    statement.execute("SELECT 1 FROM tasks WHERE task_id = '" + first + "' FOR UPDATE");
                    Future<WriteResult> written = pool.submit(() -> new DatabaseStepWriter(waiting)
                            .write(List.of(message("late", step(first, 2), TestRecords.started(second, "alice")))));
                    while (DATABASE.value("SELECT count(*) FROM pg_locks WHERE NOT granted")
                            .equals("0")) {
                        Thread.onSpinWait();
                    }
                    statement.execute("SELECT 1 FROM tasks WHERE task_id = '" + second + "' FOR UPDATE NOWAIT");
                    return written;
                }
            });

            assertThat(result.get().steps()).isEqualTo(1);
            assertThat(DATABASE.value("SELECT owner FROM tasks WHERE task_id = '" + second + "'"))
                    .isEqualTo("alice");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void stepWrittenConcurrently_isSeenAfterItsCommit() throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("sender", started(task), step(task, 1))));

        WriteResult result = writeWhile("""
                INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at)
                SELECT task_id, 2, 'of another', step_data, created_at
                  FROM task_steps
                 WHERE task_id = '%1$s';
                UPDATE tasks SET total_steps = total_steps + 1 WHERE task_id = '%1$s'
                """.formatted(task), message("sender", step(task, 2), step(task, 3)));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(result.conflicts()).isEqualTo(1);
        assertThat(DATABASE.column(
                        "SELECT step_type FROM task_steps WHERE task_id = '" + task + "' AND step_number = 2"))
                .containsExactly("of another");
        assertThat(DATABASE.value("SELECT total_steps FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("3");
    }

    @Test
    void concurrentlyDeletedTask_staysDeleted() throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("sender", started(task), step(task, 1))));

        WriteResult result = writeWhile(
                "UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + task + "'",
                message("sender", step(task, 2)));

        assertThat(result.steps()).isZero();
        assertThat(result.dropped()).isEqualTo(1);
        assertThat(DATABASE.value("SELECT count(*) FROM task_steps WHERE task_id = '" + task + "'"))
                .isEqualTo("1");
    }

    @Test
    void concurrentlyArchivedTask_rejectsStepsThatItsArchiveContains() throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("sender", started(task), step(task, 1))));

        WriteResult result = writeWhile("""
                UPDATE tasks SET status = 'archived', archived_status = status WHERE task_id = '%1$s';
                INSERT INTO task_processing (task_id, changed_at, counted_steps) VALUES ('%1$s', now(), '{[1,3)}')
                """.formatted(task), message("sender", step(task, 2), step(task, 3)));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(DATABASE.value(
                        "SELECT step_number FROM task_steps WHERE task_id = '" + task + "' AND step_number > 1"))
                .isEqualTo("3");
    }

    /** Writes while another transaction with this change is open; it commits when the writer waits for its lock. */
    private static WriteResult writeWhile(String sql, ReceivedMessage message) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Database other = DATABASE.database();
                Database waiting = DATABASE.database()) {
            Future<WriteResult> result = other.inTransaction(session -> {
                try (var statement = session.connection().createStatement()) {
                    statement.execute(sql);
                    Future<WriteResult> written =
                            pool.submit(() -> new DatabaseStepWriter(waiting).write(List.of(message)));
                    while (DATABASE.value("SELECT count(*) FROM pg_locks WHERE NOT granted")
                            .equals("0")) {
                        Thread.onSpinWait();
                    }
                    return written;
                }
            });
            return result.get();
        } finally {
            pool.shutdown();
        }
    }
}
