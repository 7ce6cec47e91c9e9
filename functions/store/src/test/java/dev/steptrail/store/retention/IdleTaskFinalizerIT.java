package dev.steptrail.store.retention;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class IdleTaskFinalizerIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database CONNECTION = DATABASE.database();
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(CONNECTION);

    static {
        new AgentRepository(CONNECTION).register(new Agent("sender", "alice", List.of()));
    }

    private final IdleTaskFinalizer idle = new IdleTaskFinalizer(CONNECTION);
    private final UUID task = UuidV7.at(TestRecords.START);

    @Test
    void runningTaskWithoutDataFor6Hours_endsAtItsLastStep() {
        WRITER.write(List.of(message("sender", started(task), step(task, 1), step(task, 2))));
        received(task, "5 hours 59 minutes");
        assertThat(all()).isZero();

        received(task, "6 hours 1 minute");
        assertThat(all()).isEqualTo(1);

        assertThat(state(task)).isEqualTo("abandoned abandoned true");
        assertThat(all()).isZero();
    }

    /** The recorder's clock is irrelevant; the time of receipt by the server counts. */
    @Test
    void taskWithoutSteps_endsAtItsStart() {
        WRITER.write(List.of(message("sender", started(task))));
        received(task, "7 hours");

        assertThat(all()).isEqualTo(1);

        assertThat(DATABASE.value("SELECT ended_at = started_at FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("t");
    }

    @Test
    void endedTask_isUnchanged() {
        WRITER.write(List.of(
                message("sender", started(task), step(task, 1), TestRecords.ended(task, TaskStatus.SUCCEEDED, 1))));
        received(task, "7 hours");

        assertThat(all()).isZero();

        assertThat(state(task)).isEqualTo("succeeded finished true");
    }

    @Test
    void laterStep_setsTheTaskToRunning_earlierStepDoesNot() {
        WRITER.write(List.of(message("sender", step(task, 5))));
        received(task, "7 hours");
        all();

        WRITER.write(List.of(message("sender", step(task, 4))));
        assertThat(state(task)).isEqualTo("abandoned abandoned true");

        WRITER.write(List.of(message("sender", step(task, 6))));
        assertThat(state(task)).isEqualTo("running");
        assertThat(all()).isZero();
    }

    @Test
    void moreTasksThanTheLimit_endInSeveralCalls() {
        for (int count = 0; count < 5; count++) {
            UUID one = UuidV7.at(TestRecords.START);
            WRITER.write(List.of(message("sender", step(one, 1))));
            received(one, "7 hours");
        }

        assertThat(List.of(some(2), some(2), some(2))).containsExactly(2, 2, 1);
    }

    @Test
    void stepBeingWritten_isNotWaitedFor_andKeepsItsTaskRunning() {
        WRITER.write(List.of(message("sender", step(task, 1))));
        received(task, "7 hours");
        try (Database other = DATABASE.database()) {
            other.inTransaction(session -> {
                try (var statement = session.connection().createStatement()) {
                    statement.execute("UPDATE tasks SET received_at = now() WHERE task_id = '" + task + "'");
                }
                assertThat(all()).isZero();
                return null;
            });
        }

        assertThat(all()).isZero();
        assertThat(state(task)).isEqualTo("running");
    }

    @Test
    void stepThatArrivesDuringAbandonment_setsTheTaskToRunning() throws Exception {
        WRITER.write(List.of(message("sender", step(task, 1))));
        received(task, "7 hours");
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Database other = DATABASE.database()) {
            Future<WriteResult> written = other.inTransaction(session -> {
                assertThat(IdleTaskFinalizer.abandon(session, 10)).isEqualTo(1);
                Future<WriteResult> late = pool.submit(() -> WRITER.write(List.of(message("sender", step(task, 2)))));
                while (DATABASE.value("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        .equals("0")) {
                    Thread.onSpinWait();
                }
                return late;
            });
            assertThat(written.get().steps()).isEqualTo(1);
        } finally {
            pool.shutdown();
        }

        assertThat(state(task)).isEqualTo("running");
    }

    private int all() {
        return some(100);
    }

    private int some(int most) {
        return idle.abandon(most, Duration.ofMinutes(1));
    }

    private static void received(UUID task, String ago) {
        DATABASE.execute(
                "UPDATE tasks SET received_at = now() - interval '" + ago + "' WHERE task_id = '" + task + "'");
    }

    /** Returns the task's status and end reason, and whether its end is the time of its last step. */
    private static String state(UUID task) {
        return DATABASE.value("SELECT concat_ws(' ', status, end_reason, (ended_at = last_step_at)::text) FROM tasks"
                + " WHERE task_id = '" + task + "'");
    }
}
