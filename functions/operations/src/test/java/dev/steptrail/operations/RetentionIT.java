package dev.steptrail.operations;

import static dev.steptrail.operations.ExpiredTasks.A_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.store.retention.TaskRestorer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which tasks are archived and what remains of them. */
@Tag("slow")
class RetentionIT {
    private final ExpiredTasks tasks = new ExpiredTasks();

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void pastTask_isArchived_andRestoredUnchanged() {
        UUID task = tasks.task(5);
        List<String> before = tasks.rows(task);

        Map<String, Long> counts = tasks.run();

        assertThat(counts)
                .containsEntry("archived_tasks", 1L)
                .containsEntry("left", 0L)
                .containsEntry("due_tasks", 0L)
                .containsEntry("due_seconds", 0L);
        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.rows(task)).hasSize(1);
        assertThat(tasks.keys("archive/"))
                .containsExactly("archive/alice%2F%2E%2E%2F%40example%2Ecom/" + task + ".jsonl.gz");

        assertThat(tasks.restore(task))
                .isEqualTo(new ArchiveRestorer.Success(1, new TaskRestorer.Restored("succeeded", 5, 10)));
        assertThat(tasks.database.column("SELECT concat_ws(' ', caller, action, task_owner, detail) FROM audit_log"
                        + " WHERE task_id = '" + task + "'"))
                .containsExactly("root restore_task " + ExpiredTasks.OWNER + " {}");
        assertThat(tasks.rows(task)).hasSize(1 + 5 + 10).isEqualTo(before);
    }

    @Test
    void taskWithoutSteps_isArchivedToo() {
        UUID task = tasks.task(0);
        List<String> before = tasks.rows(task);

        tasks.run();
        assertThat(tasks.status(task)).isEqualTo("archived");

        assertThat(tasks.restored(task).steps()).isZero();
        assertThat(tasks.rows(task)).isEqualTo(before);
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
    void taskWithUncountedSteps_isNotArchivedYet() {
        UUID task = tasks.task(1);
        tasks.database.execute("UPDATE task_processing SET changed_at = changed_at - interval '1 hour'");

        tasks.retention.run(A_MINUTE, null);
        assertThat(tasks.steps(task)).isOne();

        tasks.run();
        assertThat(tasks.steps(task)).isZero();
    }

    @Test
    void zeroRetention_archivesNothing() {
        UUID task = tasks.task(1);

        new Retention(tasks.connection, tasks.objects, Duration.ZERO).run(A_MINUTE, null);

        assertThat(tasks.status(task)).isEqualTo("succeeded");
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
}
