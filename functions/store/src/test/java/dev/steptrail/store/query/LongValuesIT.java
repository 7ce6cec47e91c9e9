package dev.steptrail.store.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.query.ShortStepRepository.ShortStep;
import dev.steptrail.store.query.StepRepository.StepFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests that reports, lists and searches do not read long values. Postgres stores these in another table (<a
 * href="https://www.postgresql.org/docs/current/storage-toast.html">TOAST</a>) and counts the blocks that are read.
 */
class LongValuesIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final int STEPS = 100;

    /** Not of version 7, so that the steps are stored in the default partition. */
    private final UUID task = UUID.randomUUID();

    @BeforeEach
    void insertFailedSteps() {
        DATABASE.execute(
                "ALTER TABLE task_steps_default SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)");
        DATABASE.execute(
                "INSERT INTO tasks (task_id, owner, description, status, started_at, total_steps, failed_steps)"
                        + " VALUES ('" + task + "', 'alice', 'long', 'failed', now(), " + STEPS + ", " + STEPS + ")");
        // Text that cannot be compressed.
        DATABASE.execute(("INSERT INTO task_steps (task_id, step_number, step_type, step_data, action_result, success,"
                        + " created_at) SELECT '%s', n, 'action',"
                        + " json_build_object('action', json_build_object('action', 'Tap', 'n', n), 'note', long,"
                        + " 'lost_screenshots', json_build_array(json_build_object('role', 'after', 'count', 2))),"
                        + " json_build_object('log', long, 'message', 'App not found: ' || n), false, now()"
                        + " FROM generate_series(1, %d) AS n CROSS JOIN (SELECT string_agg(md5(i::text), '') AS long"
                        + " FROM generate_series(1, 2000) AS i) AS text")
                .formatted(task, STEPS));
    }

    @Test
    void summary_readsNone() throws Exception {
        assertReadsNoLongValue(database -> {
            TaskSummary summary = new TaskSummariser(database)
                    .summarise(new TaskRepository(database).find(task).orElseThrow());
            assertThat(summary.errors()).hasSize(STEPS);
            assertThat(summary.errors().get(6).errorMessage()).isEqualTo("App not found: 7");
            assertThat(summary.lostScreenshots().total()).as("one per step").isEqualTo(STEPS);
        });
    }

    @Test
    void listOfShortSteps_readsNone() throws Exception {
        assertReadsNoLongValue(database -> {
            List<ShortStep> steps = new ArrayList<>();
            new ShortStepRepository(database).visit(task, 501, false, true, steps::add);
            assertThat(steps).hasSize(STEPS);
            assertThat(steps.get(6).error()).isEqualTo("App not found: 7");
            assertThat(steps.get(6).action()).isEqualTo("{\"action\" : \"Tap\", \"n\" : 7}");
        });
    }

    @Test
    void search_readsNoneOfOtherSteps() throws Exception {
        StepFilter filter = new StepFilter(null, null, null, null, null, null, "not found: 77777");
        assertReadsNoLongValue(database -> {
            StepRepository repository = new StepRepository(database);
            assertThat(repository.findSearchEnd(task, filter, true, null)).isEmpty();
            assertThat(repository.page(task, filter, true, null, 10).items()).isEmpty();
        });
    }

    private static void assertReadsNoLongValue(Consumer<Database> read) throws InterruptedException {
        long before = blocksOfLongValues();
        try (Database database = DATABASE.database()) {
            read.accept(database);
        }
        assertThat(blocksOfLongValues()).as("blocks").isEqualTo(before);
    }

    private static long blocksOfLongValues() throws InterruptedException {
        DATABASE.awaitEndOfSessions();
        return Long.parseLong(
                DATABASE.value(
                        "SELECT toast_blks_read + toast_blks_hit FROM pg_statio_all_tables WHERE relname = 'task_steps_default'"));
    }
}
