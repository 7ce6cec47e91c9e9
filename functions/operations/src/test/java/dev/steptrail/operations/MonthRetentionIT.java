package dev.steptrail.operations;

import static dev.steptrail.operations.ExpiredTasks.A_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.jdbc.Database;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests what retention does with months of past tasks, also while they are locked. */
@Tag("slow")
@Timeout(120)
class MonthRetentionIT {
    private final ExpiredTasks tasks = new ExpiredTasks();

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void monthOfPastTasks_isDropped_andOtherMonthsLoseOnlyPastRows() {
        List<UUID> march = List.of(tasks.task(2), tasks.task(3), tasks.task(0));
        UUID lastOfMarch = tasks.task(Instant.parse("2025-03-31T23:59:59.999Z"), 1);
        Instant april = Instant.parse("2025-04-01T00:00:00Z");
        UUID past = tasks.task(april, 2);
        UUID kept = tasks.task(april, 2);
        tasks.database.execute("UPDATE tasks SET keep = true WHERE task_id = '" + kept + "'");

        assertThat(tasks.run())
                .containsEntry("archived_tasks", 5L)
                .containsEntry("deleted_tasks", 5L)
                .containsEntry("dropped_months", 1L)
                .containsEntry("left", 0L)
                .containsEntry("failed", 0L);

        assertThat(tasks.exists("task_steps_2025_03")).isFalse();
        assertThat(tasks.exists("step_screenshots_2025_03")).isFalse();
        assertThat(tasks.exists("task_steps_2025_04")).isTrue();
        assertThat(tasks.exists("task_steps_2025_02")).isTrue(); // created in advance and never used
        assertThat(tasks.steps(past)).isZero();
        assertThat(tasks.steps(kept)).isEqualTo(2);
        assertThat(march).allSatisfy(task -> assertThat(tasks.status(task)).isEqualTo("archived"));

        assertThat(tasks.restored(lastOfMarch).steps()).isOne();
        new PartitionMaintenance(tasks.connection).run(A_MINUTE, null);
        assertThat(tasks.database.value(
                        "SELECT tableoid::regclass FROM task_steps WHERE task_id = '" + lastOfMarch + "'"))
                .isEqualTo("task_steps_2025_03");
    }

    @Test
    void recentMonth_isNotDropped() {
        Instant now = Instant.now();
        String month = YearMonth.from(now.atZone(ZoneOffset.UTC)).toString().replace('-', '_');
        UUID task = tasks.task(now, 1);

        assertThat(tasks.run()).containsEntry("deleted_tasks", 1L).containsEntry("dropped_months", 0L);

        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.exists("task_steps_" + month)).isTrue();
    }

    @Test
    void monthLockedByAReader_isEmptiedTaskByTask_andDroppedByTheNextRun() {
        UUID task = tasks.task(2);
        try (Database reader = tasks.database.database()) {
            Progress progress = reader.inTransaction(session -> {
                session.execute("LOCK TABLE task_steps_2025_03 IN ACCESS SHARE MODE");
                return tasks.retentionWithShortLockTimeout().run(A_MINUTE, null);
            });
            assertThat(progress.counts()).containsEntry("deleted_tasks", 1L).containsEntry("left", 1L);
            assertThat(progress.resumeAt()).isEqualTo("2025-03");
            assertThat(tasks.steps(task)).isZero();
        }

        assertThat(tasks.run()).containsEntry("dropped_months", 1L);
        assertThat(tasks.exists("task_steps_2025_03")).isFalse();
    }

    @Test
    void taskImportedIntoAMonthJustBeforeItIsDropped_isKept() throws Exception {
        UUID past = tasks.task(2);
        UUID imported = UuidV7.at(Instant.parse("2025-03-20T10:00:00Z"));

        Progress run = tasks.database.callDuring("""
                INSERT INTO tasks (task_id, owner, started_at, total_steps) VALUES ('%1$s', 'bob', now(), 1);
                INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at)
                VALUES ('%1$s', 1, 'action', '{}', now())
                """.formatted(imported), () -> tasks.retention.run(A_MINUTE, null));

        assertThat(run.counts()).containsEntry("deleted_tasks", 1L).containsEntry("dropped_months", 0L);
        assertThat(tasks.steps(imported)).isOne();
        assertThat(tasks.steps(past)).isZero();
    }
}
