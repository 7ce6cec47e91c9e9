package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    void importARunOf2019() {
        database.write(step(TASK, 1), step(TASK, 2));
        assertThat(partition()).isEqualTo("task_steps_default");
    }

    @Test
    void imports_getPartitions_theRunIsRecorded_andASecondRunHasNothingToDo() {
        TestContext context = new TestContext();

        assertThat(handler.handleRequest(Map.of(), context)).containsEntry("partitions", "done");
        assertThat(handler.handleRequest(Map.of(), context)).containsEntry("partitions", "done");

        assertThat(partition()).isEqualTo("task_steps_2019_05");
        assertThat(database.column(RUN)).containsExactly("done 2 2 0", "done 0 0 0");
        assertThat(context.logged()).contains("\"event\":\"job\"", "\"job\":\"partitions\",\"outcome\":\"done\"");
        assertThat(context.metricLines().get(0))
                .contains("\"MaintenanceRuns\":1", "\"JobsFailed\":0", "\"TasksDue\":0", "\"BacklogAge\":0")
                .contains("\"OrphansDeleted\":0", "\"DatabaseConnectFailures\":0", "\"Function\":\"maintenance\"");
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
                .isEqualTo("2");
        assertThat(database.column(RUN)).containsExactly("timed_out task_steps_2019_05 0 0 2", "done 2 2 0");
    }

    @Test
    void jobRunningElsewhere_isSkipped() {
        database.execute("INSERT INTO maintenance_runs (kind) VALUES ('partitions')");

        assertThat(handler.handleRequest(Map.of(), new TestContext())).containsEntry("partitions", "skipped");

        assertThat(partition()).isEqualTo("task_steps_default");
        assertThat(database.value("SELECT count(*) FROM maintenance_runs WHERE kind = 'partitions'"))
                .isEqualTo("1");
    }

    @Test
    void failedRun_isRecorded_andTheInvocationFails() {
        database.execute("DROP FUNCTION create_month_partition");

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
}
