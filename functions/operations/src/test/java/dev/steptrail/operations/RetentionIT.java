package dev.steptrail.operations;

import static dev.steptrail.operations.ExpiredTasks.A_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which tasks are archived, and what remains of their months, also while these are locked. */
@Tag("slow")
@Timeout(120)
class RetentionIT {
    private final ExpiredTasks tasks = new ExpiredTasks();

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void keptRunningActiveOrDeletedTask_isNotArchived() {
        UUID kept = tasks.task(1);
        UUID running = tasks.task(1);
        UUID recent = tasks.task(1);
        UUID deleted = tasks.task(0);
        tasks.database.execute("UPDATE tasks SET keep = true WHERE task_id = '" + kept + "'");
        tasks.database.execute("UPDATE tasks SET status = 'running' WHERE task_id = '" + running + "'");
        tasks.database.execute(
                "UPDATE tasks SET received_at = now() - interval '89 days' WHERE task_id = '" + recent + "'");
        tasks.database.execute(
                "UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + deleted + "'");

        assertThat(tasks.run().values()).containsOnly(0L);

        assertThat(List.of(kept, running, recent))
                .allSatisfy(task -> assertThat(tasks.steps(task)).isOne());
        assertThat(tasks.status(deleted)).isEqualTo("deleted");
        assertThat(tasks.keys("archive/")).isEmpty();
    }

    @Test
    void taskWithUncountedSteps_isNotArchivedYet_norAnyTaskWithARetentionOfZero() {
        UUID task = tasks.task(1);
        new Retention(tasks.connection, tasks.objects, Duration.ZERO).run(A_MINUTE, null);
        assertThat(tasks.status(task)).isEqualTo("succeeded");
        tasks.database.execute("UPDATE task_processing SET changed_at = changed_at - interval '1 hour'");

        tasks.retention.run(A_MINUTE, null);
        assertThat(tasks.steps(task)).isOne();

        tasks.run();
        assertThat(tasks.steps(task)).isZero();
    }

    @Test
    void run_outOfTime_leavesTheRestForTheNextRun() {
        UUID first = tasks.task(1);
        UUID second = tasks.task(1);
        Deque<Duration> untilTheSecond = new ArrayDeque<>(List.of(Duration.ofMinutes(1)));

        Progress cutOff = tasks.retention.run(
                () -> untilTheSecond.isEmpty() ? Duration.ofSeconds(-1) : untilTheSecond.pop(), null);

        assertThat(cutOff.outcome()).isEqualTo("timed_out");
        assertThat(cutOff.counts())
                .containsEntry("archived_tasks", 1L)
                .containsEntry("deleted_tasks", 0L)
                .containsEntry("due_tasks", 1L);
        assertThat(cutOff.counts().get("due_seconds")).isPositive();
        assertThat(List.of(first, second))
                .allSatisfy(task -> assertThat(tasks.steps(task)).isOne());

        assertThat(tasks.run()).containsEntry("archived_tasks", 1L).containsEntry("deleted_tasks", 2L);
        assertThat(List.of(first, second))
                .allSatisfy(task -> assertThat(tasks.status(task)).isEqualTo("archived"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"INSERT ON archives, 2, 2", "UPDATE ON archives, 3, 2"})
    void taskThatFails_doesNotBlockOthers_andIsReportedWithoutContent(String failing, long archived, long deleted) {
        List<UUID> all = List.of(tasks.task(1), tasks.task(1), tasks.task(1));
        UUID first = Collections.min(all, Comparator.comparing(UUID::toString));
        tasks.database.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN IF NEW.task_id = '" + first
                + "' THEN RAISE EXCEPTION 'secret'; END IF; RETURN NEW; END $$");
        tasks.database.execute("CREATE TRIGGER refuses BEFORE " + failing + " FOR EACH ROW EXECUTE FUNCTION refuse()");
        tasks.processChanged();

        Progress progress = tasks.retention.run(A_MINUTE, null);

        assertThat(progress.outcome()).isEqualTo("partly_failed");
        assertThat(progress.counts())
                .containsEntry("archived_tasks", archived)
                .containsEntry("deleted_tasks", deleted)
                .containsEntry("failed", 1L);
        assertThat(progress.failures())
                .singleElement()
                .asString()
                .contains(first.toString())
                .doesNotContain("secret");
        assertThat(tasks.steps(first)).isOne();
        assertThat(all).allSatisfy(task -> assertThat(tasks.status(task))
                .isEqualTo(task.equals(first) ? "succeeded" : "archived"));
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
                .containsEntry("due_tasks", 0L)
                .containsEntry("due_seconds", 0L)
                .containsEntry("failed", 0L);

        assertThat(tasks.exists("task_steps_2025_03")).isFalse();
        assertThat(tasks.exists("step_screenshots_2025_03")).isFalse();
        assertThat(tasks.exists("task_steps_2025_04")).isTrue();
        assertThat(tasks.exists("task_steps_2025_02")).isTrue(); // created in advance and never used
        assertThat(tasks.steps(past)).isZero();
        assertThat(tasks.steps(kept)).isEqualTo(2);
        assertThat(march).allSatisfy(task -> assertThat(tasks.status(task)).isEqualTo("archived"));

        assertThat(tasks.restored(march.get(2)).steps()).isZero();
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
