package dev.steptrail.store.retention;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestMaintenance;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ArchiveRepository.Archive;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class FindTasksToArchiveIT {
    private static final Duration RETENTION = Duration.ofDays(90);
    private static final Pattern ROWS = Pattern.compile("actual rows=(\\d+)|Rows Removed by Filter: (\\d+)");

    /** Archived tasks, and one task that is not due for every ten of them. */
    private static final String HISTORY = """
            WITH archived AS (
                INSERT INTO tasks (task_id, owner, status, archived_status, started_at, received_at, total_steps)
                SELECT gen_random_uuid(), 'alice', 'archived', 'succeeded', '2025-01-01', '2025-01-01', 1
                  FROM generate_series(1, 20000)
                RETURNING task_id, received_at
            ), parts AS (
                INSERT INTO archives (task_id, part, key, sha256, steps, screenshots, total_steps, state)
                SELECT task_id, 1, task_id, '', 1, 0, 1, 'archived'
                  FROM archived
            ), recent AS (
                INSERT INTO tasks (task_id, owner, status, started_at, total_steps)
                SELECT gen_random_uuid(), 'alice', 'succeeded', now(), 1
                  FROM generate_series(1, 2000)
                RETURNING task_id, received_at
            )
            INSERT INTO task_processing (task_id, changed_at, counted_steps, unarchived_since)
            SELECT task_id, received_at, '{[1,2)}'::int8multirange, NULL::timestamptz FROM archived
            UNION ALL
            SELECT task_id, received_at, '{[1,2)}', received_at FROM recent
            """;

    private final TestDatabase database = TestDatabase.migrated().register("sender", "alice");
    private final Database connection = database.database();
    private final ArchiveRepository find = new ArchiveRepository(connection);

    @Test
    void search_readsDueTasks_andTheScreenshotCheckItsSlotOfTasks_notArchivedOnes() {
        database.execute(HISTORY);
        List<UUID> due = List.of(pastTask(), pastTask(), pastTask());
        database.execute("ANALYZE");

        assertThat(find.findDue(RETENTION, null, 100)).containsExactlyInAnyOrderElementsOf(due);
        assertThat(rowsRead(ArchiveRepository.FIND_DUE)).isLessThan(50);
        assertThat(rowsRead(ArchiveRepository.MEASURE_BACKLOG)).isLessThan(50);

        database.execute("SELECT brin_summarize_new_values('tasks_by_change')"); // as autovacuum does
        ScreenshotCheckRepository checks = new ScreenshotCheckRepository(connection);
        assertThat(checks.findTasks(new UUID(0, 0), Instant.now().plus(RETENTION), 7, 1000))
                .hasSizeBetween(1, 200);
        assertThat(rowsRead(ScreenshotCheckRepository.FIND_TASKS
                        .replace("judged_at) > ?", "judged_at) > now() + interval '1 day'")
                        .replace("= ?", "= 7")))
                .isLessThan(2000);
    }

    @Test
    void task_isDueUntilKeptOrArchived_andDueAgainAfterwards() {
        UUID task = pastTask();
        assertThat(find.findDue(RETENTION, null, 100)).containsExactly(task);

        find.setKeep(task, true, "alice");
        assertThat(unarchivedSince(task)).isNull();
        find.setKeep(task, false, "alice");
        assertThat(find.findDue(RETENTION, null, 100)).containsExactly(task);

        find.add(new Archive(task, 1, "archive/key", "sha", 1, 0, 1));
        assertThat(unarchivedSince(task)).isNull();

        database.write(step(task, 2));
        TestMaintenance.processChangedTasks(connection);
        assertThat(unarchivedSince(task)).isNotNull();
    }

    /** A task that ended and was processed 100 days ago. */
    private UUID pastTask() {
        UUID task = UuidV7.at(START);
        database.write(step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        TestMaintenance.processChangedTasks(connection);
        database.execute("""
                UPDATE tasks
                   SET received_at = received_at - interval '100 days'
                 WHERE task_id = '%1$s';
                UPDATE task_processing
                   SET changed_at       = changed_at - interval '100 days',
                       unarchived_since = unarchived_since - interval '100 days'
                 WHERE task_id = '%1$s'
                """.formatted(task));
        return task;
    }

    private String unarchivedSince(UUID task) {
        return database.value("SELECT unarchived_since FROM task_processing WHERE task_id = '" + task + "'");
    }

    /** The rows that all nodes of the plan returned or filtered out. */
    private long rowsRead(String sql) {
        String bound = sql.replace("task_id > ?", "task_id > '00000000-0000-0000-0000-000000000000'")
                .replace("LIMIT ?", "LIMIT 1000")
                .replace("?", String.valueOf(RETENTION.toSeconds()));
        String plan = String.join("\n", database.column("EXPLAIN (ANALYZE, TIMING OFF) " + bound));
        return ROWS.matcher(plan)
                .results()
                .mapToLong(FindTasksToArchiveIT::rows)
                .sum();
    }

    private static long rows(MatchResult match) {
        return Long.parseLong(match.group(1) != null ? match.group(1) : match.group(2));
    }
}
