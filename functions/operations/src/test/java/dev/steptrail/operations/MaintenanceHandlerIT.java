package dev.steptrail.operations;

import static dev.steptrail.operations.ExpiredTasks.A_MINUTE;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaintenanceHandlerIT {
    private static final UUID TASK = UuidV7.at(Instant.parse("2019-05-10T10:00:00Z"));
    private static final String RUN =
            "SELECT concat_ws(' ', outcome, resume_at, counts->>'made', counts->>'moved_rows',"
                    + " counts->>'left') FROM maintenance_runs"
                    + " WHERE ended_at IS NOT NULL AND kind = 'partitions' ORDER BY id";

    private static final TestBucket BUCKET = TestBucket.empty();

    private final TestDatabase database = TestDatabase.migrated().register("sender", "alice");
    private final MaintenanceHandler handler =
            new MaintenanceHandler(database.settings(FunctionLogin.OPERATIONS, BUCKET.settings()));

    @BeforeEach
    void importARunOf2019ThatStopsAfterAGap() {
        database.write(started(TASK), step(TASK, 1), step(TASK, 4), step(TASK, 5));
        database.execute("UPDATE tasks SET received_at = now() - interval '7 hours'");
        assertThat(partition()).isEqualTo("task_steps_default");
    }

    @Test
    void run_createsPartitionsAndUpdatesTasksAndStatistics_andTheNextHasNothingToDo() {
        UUID unknownTask = UUID.randomUUID();
        String verdict =
                "{\"v\":1,\"record\":\"verdict\",\"task_id\":\"%s\",\"timestamp\":\"2026-03-01T10:00:00Z\",\"name\":"
                        + "\"success\",\"value\":\"pass\",\"evaluator\":\"judge\"}";
        database.execute("INSERT INTO early_verdicts SELECT '" + unknownTask + "', 'a', '' || age, '"
                + verdict.formatted(unknownTask)
                + "', now() - age * interval '1 hour' FROM unnest(ARRAY[23, 25]) AS age");
        TestContext context = new TestContext();
        Map<String, Object> first = handler.handleRequest(Map.of(), context);
        handler.handleRequest(Map.of(), new TestContext());

        assertThat(partition()).isEqualTo("task_steps_2019_05");
        assertThat(database.column(RUN)).containsExactly("done 2 3 0", "done 0 0 0");
        assertThat(context.logged()).contains("\"event\":\"job\"", "\"job\":\"partitions\",\"outcome\":\"done\"");
        assertThat(context.metricLines().get(0))
                .contains("\"MaintenanceRuns\":1", "\"JobsFailed\":0", "\"TasksDue\":0", "\"BacklogAge\":0")
                .contains("\"OrphansDeleted\":0", "\"DatabaseConnectFailures\":0", "\"Function\":\"maintenance\"");
        assertThat(first)
                .containsEntry("partitions", "done")
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

    @Test
    void archivedTasks_areCounted_andNoneIsDueAfterwards() {
        database.execute("UPDATE tasks SET status = 'succeeded', received_at = now() - interval '91 days',"
                + " last_step_at = now() - interval '91 days'");

        assertThat(metricsOfARun()).contains("\"TasksArchived\":1", "\"TasksDue\":0");
    }

    @Test
    void screenshotsWithoutStep_ofChangedAndOtherTasks_areCounted() {
        UUID changed = UuidV7.at(Instant.now());
        UUID other = UuidV7.at(Instant.now());
        for (UUID task : List.of(changed, other)) {
            database.write(withScreenshot(step(task, 1), FrameRole.BEFORE, "screenshots/sender/" + task + "/1.webp"));
        }

        database.execute("DELETE FROM task_steps WHERE task_id = '" + changed + "'");
        assertThat(metricsOfARun()).contains("\"TasksWithStrayScreenshots\":1");

        database.execute("DELETE FROM task_steps WHERE task_id = '" + other + "'");
        database.execute("DELETE FROM maintenance_runs WHERE kind = 'gone_screenshots'"); // due again
        assertThat(metricsOfARun()).contains("\"TasksWithStrayScreenshots\":1");

        assertThat(metricsOfARun()).contains("\"TasksWithStrayScreenshots\":0");
    }

    @Test
    void run_outOfTime_leavesTheRestForTheNextRun() {
        assertThat(handler.handleRequest(Map.of(), new TestContext(Duration.ofSeconds(5))))
                .containsEntry("partitions", "timed_out")
                .containsEntry("states", "timed_out")
                .containsEntry("findings", "timed_out")
                .containsEntry("rollup", "timed_out");
        assertThat(partition()).isEqualTo("task_steps_default");

        handler.handleRequest(Map.of(), new TestContext());

        assertThat(partition()).isEqualTo("task_steps_2019_05");
        assertThat(database.value("SELECT sum(total_steps) FROM step_stats_daily"))
                .isEqualTo("3");
        assertThat(database.column(RUN)).containsExactly("timed_out task_steps_2019_05 0 0 2", "done 2 3 0");
    }

    @Test
    void jobRunningElsewhere_isSkipped_andOneThatFails_isRecorded_andFailsTheInvocation() {
        database.execute("INSERT INTO maintenance_runs (kind) VALUES ('partitions')");
        assertThat(handler.handleRequest(Map.of(), new TestContext())).containsEntry("partitions", "skipped");
        assertThat(database.count("maintenance_runs WHERE kind = 'partitions'")).isOne();
        database.execute("DELETE FROM maintenance_runs; DROP FUNCTION create_month_partition");

        TestContext context = new TestContext();
        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context)).isInstanceOf(StoreException.class);

        assertThat(database.column("SELECT outcome FROM maintenance_runs WHERE kind = 'partitions'"))
                .containsExactly("failed");
        assertThat(context.metricLines())
                .anyMatch(line -> line.contains("\"JobsFailed\":1,"))
                .anyMatch(line -> line.contains("\"Job\":\"partitions\",\"JobsFailed\":1"))
                .hasSize(2);
        assertThat(partition()).isEqualTo("task_steps_default");
    }

    @Test
    void constructor_withAMissingOrInvalidSetting_namesIt() {
        assertThatThrownBy(() -> new MaintenanceHandler(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("STEPTRAIL_DATABASE_URL: is not set; set it in the function's environment");
        for (String wrong : List.of("-1", "90 days", "P90D", "100000")) {
            Map<String, String> settings =
                    database.settings(FunctionLogin.OPERATIONS, BUCKET.settings("STEPTRAIL_RETENTION", wrong));
            assertThatThrownBy(() -> new MaintenanceHandler(settings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("STEPTRAIL_RETENTION: '" + wrong
                            + "' is not a number of days from 0 (keep indefinitely) to 99999");
        }
    }

    private String metricsOfARun() {
        TestContext context = new TestContext();
        handler.handleRequest(Map.of(), context);
        return context.metricLines().get(0);
    }

    private String partition() {
        return database.value("SELECT DISTINCT tableoid::regclass FROM task_steps WHERE task_id = '" + TASK + "'");
    }

    @Test
    void longDeletedTask_isGoneAtOnce_andItsRowsAreDeletedInBatches() {
        database.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) SELECT '"
                + TASK
                + "', n, 'action', '{\"attachments\":[{\"path\":\"attachments/late/" + TASK
                + "/1\"}]}', now() - n * interval '1 s'"
                + " FROM generate_series(6, 25000) AS n");
        database.execute("INSERT INTO step_screenshots SELECT '" + TASK + "', n, index, 'before', 'screenshots/other/"
                + TASK + "/' || n, '', 1, 1, 1, 1, 'webp', true, false, '[]' FROM generate_series(1, 25000) AS n,"
                + " generate_series(0, 1) AS index");
        database.execute("UPDATE tasks SET total_steps = 25000");
        try (Database connection = database.database()) {
            assertThat(new TaskDeletion(connection).delete(TASK, "alice")).isTrue();
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
    void jobAfterAFailure_resumesWhereTheFailedRunStarted() {
        List<@Nullable String> startedAt = new ArrayList<>();
        Job job = new Job("faltering", (remaining, resumeAt) -> {
            startedAt.add(resumeAt);
            if (startedAt.size() == 2) {
                throw new IllegalStateException("the second time");
            }
            return new Progress(Map.of("parts", 1L), startedAt.size() == 1 ? "the middle" : null);
        });
        JobRunner runner = new JobRunner(database.database(FunctionLogin.OPERATIONS));

        runner.run(job, A_MINUTE);
        assertThatThrownBy(() -> runner.run(job, A_MINUTE)).hasMessage("the second time");
        runner.run(job, A_MINUTE);
        runner.run(job, A_MINUTE);

        assertThat(startedAt).isEqualTo(Arrays.asList(null, "the middle", "the middle", null));
        assertThat(database.column("SELECT outcome FROM maintenance_runs WHERE kind = 'faltering' ORDER BY id"))
                .containsExactly("timed_out", "failed", "done", "done");
    }

    private List<String> counts(String kind) {
        return database.column("SELECT counts FROM maintenance_runs WHERE kind = '" + kind + "' ORDER BY id");
    }
}
