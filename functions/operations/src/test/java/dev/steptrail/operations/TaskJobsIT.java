package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.roles.FunctionLogin;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the jobs that process tasks: states, findings, and daily statistics. */
class TaskJobsIT {
    private static final TestBucket BUCKET = TestBucket.empty();

    private final UUID task = UuidV7.at(START);
    private final TestDatabase database = TestDatabase.migrated().register("sender", "alice");
    private final MaintenanceHandler handler =
            new MaintenanceHandler(database.settings(FunctionLogin.OPERATIONS, BUCKET.settings()));

    @BeforeEach
    void recordARunThatStopsAfterAGap() {
        database.write(started(task), step(task, 1), step(task, 4), step(task, 5));
        database.execute("UPDATE tasks SET received_at = now() - interval '7 hours'");
    }

    @Test
    void longDeletedTask_isGoneAtOnce_andItsRowsAreDeletedInBatches() {
        database.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) SELECT '"
                + task
                + "', n, 'action', '{\"attachments\":[{\"path\":\"attachments/late/" + task
                + "/1\"}]}', now() - n * interval '1 s'"
                + " FROM generate_series(6, 25000) AS n");
        database.execute("INSERT INTO step_screenshots SELECT '" + task + "', n, index, 'before', 'screenshots/other/"
                + task + "/' || n, '', 1, 1, 1, 1, 'webp', true, false, '[]' FROM generate_series(1, 25000) AS n,"
                + " generate_series(0, 1) AS index");
        database.execute("UPDATE tasks SET total_steps = 25000");
        try (Database connection = database.database()) {
            assertThat(new TaskDeletion(connection).delete(task, "alice")).isTrue();
        }
        assertThat(database.count("task_steps")).isEqualTo(24998);

        Map<String, Object> run = handler.handleRequest(Map.of(), new TestContext());

        assertThat(run).containsEntry("deleted_rows", "done").containsEntry("findings", "done");
        assertThat(counts("deleted_rows")).containsExactly("{\"batches\": 6}");
        for (String table : List.of(
                "task_steps",
                "step_screenshots",
                "rows_to_delete",
                "findings",
                "task_stats_daily",
                "step_stats_daily")) {
            assertThat(database.count(table)).as(table).isZero();
        }
        assertThat(database.column("SELECT key FROM objects_to_delete")).isEmpty(); // the purge has run
        assertThat(database.value("SELECT status FROM tasks")).isEqualTo("deleted");
    }

    @Test
    void instructionThatFails_isReported_andOthersAreProcessed() {
        handler.handleRequest(Map.of(), new TestContext());
        database.execute("UPDATE task_digests SET path = '[[1]]'");
        database.execute("INSERT INTO stale_instructions VALUES ('alice', 'take a picture'), ('alice', 'zzz')");

        Map<String, Object> run = handler.handleRequest(Map.of(), new TestContext());

        assertThat(run).containsEntry("insights", "partly_failed");
        assertThat(counts("insights").get(1)).contains("\"texts\": 1", "\"failed\": 1");
        assertThat(database.column("SELECT instruction FROM stale_instructions WHERE due_at > now()"))
                .containsExactly("take a picture");
    }

    @Test
    void run_updatesTasksAndStatistics_andTheNextHasNothingToDo() {
        UUID unknownTask = UUID.randomUUID();
        String verdict =
                "{\"v\":1,\"record\":\"verdict\",\"task_id\":\"%s\",\"timestamp\":\"2026-03-01T10:00:00Z\",\"name\":"
                        + "\"success\",\"value\":\"pass\",\"evaluator\":\"judge\"}";
        database.execute("INSERT INTO early_verdicts SELECT '" + unknownTask + "', 'a', '' || age, '"
                + verdict.formatted(unknownTask)
                + "', now() - age * interval '1 hour' FROM unnest(ARRAY[23, 25]) AS age");
        Map<String, Object> first = handler.handleRequest(Map.of(), new TestContext());
        handler.handleRequest(Map.of(), new TestContext());

        assertThat(first)
                .containsEntry("states", "done")
                .containsEntry("findings", "done")
                .containsEntry("rollup", "done");
        assertThat(database.value("SELECT status FROM tasks")).isEqualTo("abandoned");
        assertThat(database.value("SELECT steps FROM findings")).isEqualTo("{2,3}");
        assertThat(database.column("SELECT concat_ws(' ', day, owner, agent, model, device_id, step_type, total_steps,"
                        + " successful_steps, failed_steps, total_duration_ms) FROM step_stats_daily ORDER"
                        + " BY step_type"))
                .containsExactly(
                        "2026-03-01 alice demo-agent glm phone-1 action 2 2 0 500",
                        "2026-03-01 alice demo-agent glm phone-1 error 1 0 1 500");
        assertThat(counts("states"))
                .containsExactly(
                        "{\"abandoned\": 1, \"early_verdicts\": 1}", "{\"abandoned\": 0, \"early_verdicts\": 0}");
        assertThat(database.count("early_verdicts")).isOne();
        assertThat(counts("findings"))
                .satisfiesExactly(
                        counts -> assertThat(counts)
                                .contains("\"tasks\": 1,", "\"steps_counted\": 3", "\"gap_marked\": 1")
                                .contains("\"screenshot_without_step_marked\": 0", "\"clock_backwards_cleared\": 0"),
                        counts -> assertThat(counts).contains("\"tasks\": 0,", "\"gap_marked\": 0"));
        assertThat(counts("rollup")).containsExactly("{\"days\": 1, \"rows\": 2}", "{\"days\": 0, \"rows\": 0}");
    }

    private List<String> counts(String kind) {
        return database.column("SELECT counts FROM maintenance_runs WHERE kind = '" + kind + "' ORDER BY id");
    }
}
