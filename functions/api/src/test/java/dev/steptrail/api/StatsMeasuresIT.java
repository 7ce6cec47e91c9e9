package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.statistics.DailyStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tests computed statistics, in a separate database, because a day is rebuilt from all of its steps. */
class StatsMeasuresIT {
    private static final String STATS = "GET /api/stats";
    private static final String MARCH = "since=2026-03-01&until=2026-03-31&";

    private final TestDatabase database = TestDatabase.migrated();
    private final Database connection = database.database();
    private final ApiHandler handler =
            new ApiHandler(TestSettings.of(database, Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")));
    private final Api alice = new Api(handler, Map.of("sub", "alice"));
    private final Api bob = new Api(handler, Map.of("sub", "bob"));

    @Test
    void stats_containTheMeasuresOfStepsAndTasks() {
        UUID task = UuidV7.at(TestRecords.START);
        new AgentRepository(connection).register(new Agent("sender", "alice", List.of()));
        StepRecord[] records = {
            started(task),
            withScreenshot(step(task, 1), FrameRole.BEFORE, "screenshots/sender/" + task + "/a.webp"),
            step(task, 2),
            ended(task, TaskStatus.SUCCEEDED, 60)
        };
        new DatabaseStepWriter(connection).write(List.of(message("sender", records)));
        new ChangedTaskProcessor(connection).processNext(100, Duration.ofMinutes(1));
        new DailyStatistics(connection).rebuild(100, Duration.ofMinutes(1));

        JsonNode day = alice.get(STATS, null, MARCH).json().get("stats").get(0);
        assertThat(day.at("/step_duration/p50_ms").asDouble()).isCloseTo(100, withinPercentage(1));
        assertThat(day.at("/model_time/total_ms").asInt()).isEqualTo(160);
        assertThat(day.at("/model_time/p95_ms").asDouble()).isCloseTo(80, withinPercentage(1));
        assertThat(day.get("retries").asInt()).isZero();
        assertThat(day.get("screenshots").asInt()).isOne();
        assertThat(day.get("screenshot_bytes").asInt()).isEqualTo(1000);
        assertThat(day.get("tasks").asInt()).isOne();
        assertThat(day.get("tasks_by_end_reason").toString()).isEqualTo("{\"finished\":1}");
        assertThat(day.get("success_rate").asDouble()).isOne();
        assertThat(day.get("steps_per_task").asDouble()).isEqualTo(2);
        assertThat(day.at("/task_duration/p50_ms").asDouble()).isCloseTo(60_000, withinPercentage(1));

        JsonNode actions =
                alice.get(STATS, null, MARCH + "group_by=action").json().get("stats");
        assertThat(actions.findValuesAsText("action")).containsExactly("Tap", "Wait");
        assertThat(actions.findValuesAsText("total_steps")).containsExactly("1", "1");
        assertThat(actions.get(0).get("tasks").isNull()).isTrue();
        assertThat(bob.get(STATS, null, MARCH + "group_by=action").json().get("stats"))
                .isEmpty();
    }

    @Test
    void stats_readNeitherStepsNorTasks() {
        database.execute("ALTER TABLE task_steps RENAME TO hidden; ALTER TABLE tasks RENAME TO hidden_too");

        assertThat(alice.get(STATS, null, MARCH).status()).isEqualTo(200);
        assertThat(alice.get(STATS, null, MARCH + "group_by=action").status()).isEqualTo(200);
    }
}
