package dev.steptrail.store.retention;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdleTaskFinalizerIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");
    private static final IdleTaskFinalizer IDLE = new IdleTaskFinalizer(DATABASE.database());

    private final UUID task = UuidV7.at(START);

    @Test
    void runningTaskWithoutDataFor6Hours_endsAtItsLastStep() {
        DATABASE.write(started(task), step(task, 1), step(task, 2));
        setReceived("5 hours 59 minutes");
        assertThat(abandon(100)).isZero();

        setReceived("6 hours 1 minute");
        assertThat(abandon(100)).isEqualTo(1);

        assertThat(state()).isEqualTo("abandoned abandoned true");
        assertThat(abandon(100)).isZero();
    }

    /** The recorder's clock is irrelevant; the time of receipt by the server counts. */
    @Test
    void taskWithoutSteps_endsAtItsStart() {
        DATABASE.write(started(task));
        setReceived("7 hours");

        assertThat(abandon(100)).isEqualTo(1);

        assertThat(DATABASE.task(task, "ended_at = started_at")).isEqualTo("t");
    }

    @Test
    void endedTask_isUnchanged() {
        DATABASE.write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        setReceived("7 hours");

        assertThat(abandon(100)).isZero();

        assertThat(state()).isEqualTo("succeeded finished true");
    }

    @Test
    void laterStep_setsTheTaskToRunning_earlierStepDoesNot() {
        DATABASE.write(step(task, 5));
        setReceived("7 hours");
        abandon(100);

        DATABASE.write(step(task, 4));
        assertThat(state()).isEqualTo("abandoned abandoned true");

        DATABASE.write(step(task, 6));
        assertThat(state()).isEqualTo("running");
        assertThat(abandon(100)).isZero();
    }

    @Test
    void moreTasksThanTheLimit_endInSeveralCalls() {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at, received_at)"
                + " SELECT gen_random_uuid(), 'alice', now(), now() - interval '7 hours' FROM generate_series(1, 5)");

        assertThat(List.of(abandon(2), abandon(2), abandon(2))).containsExactly(2, 2, 1);
    }

    @Test
    void stepBeingWritten_isNotWaitedFor_andKeepsItsTaskRunning() {
        DATABASE.write(step(task, 1));
        setReceived("7 hours");
        try (Database other = DATABASE.database()) {
            other.inTransaction(session -> {
                session.execute("UPDATE tasks SET received_at = now() WHERE task_id = '" + task + "'");
                assertThat(abandon(100)).isZero();
                return true;
            });
        }

        assertThat(abandon(100)).isZero();
        assertThat(state()).isEqualTo("running");
    }

    @Test
    void stepThatArrivesDuringAbandonment_setsTheTaskToRunning() throws Exception {
        DATABASE.write(step(task, 1));
        setReceived("7 hours");

        WriteResult written = DATABASE.callDuring(
                session -> IdleTaskFinalizer.abandon(session, 10), () -> DATABASE.write(step(task, 2)), () -> {});

        assertThat(written.steps()).isEqualTo(1);
        assertThat(state()).isEqualTo("running");
    }

    private static int abandon(int most) {
        return IDLE.abandon(most, Duration.ofMinutes(1));
    }

    private void setReceived(String ago) {
        DATABASE.execute(
                "UPDATE tasks SET received_at = now() - interval '" + ago + "' WHERE task_id = '" + task + "'");
    }

    /** Returns the task's status and end reason, and whether its end is the time of its last step. */
    private String state() {
        return DATABASE.task(task, "concat_ws(' ', status, end_reason, (ended_at = last_step_at)::text)");
    }
}
