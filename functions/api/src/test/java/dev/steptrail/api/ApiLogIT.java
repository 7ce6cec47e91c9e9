package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.store.TestContext;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that log and metrics of a request contain its route, task, status and error, but no content. */
class ApiLogIT extends ApiTestBase {
    private static final String SECRET = "swordfish-42";
    private static final JsonMapper JSON = new JsonMapper();

    private final TestContext context = new TestContext();

    @BeforeEach
    void record() {
        write(started(task, null, SECRET), step(task, 1, SECRET, Map.of(SECRET, SECRET)));
    }

    @Test
    void successfulRead_logsOneMetricsLine() throws Exception {
        Api.Answer answer = send(alice, STEPS, Map.of("task_id", task.toString()), "text=" + SECRET);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains(SECRET);
        assertThat(context.logged()).hasLineCount(1).doesNotContain(SECRET);
        JsonNode line = JSON.readTree(context.metricLines().get(0));
        assertThat(line.get("Function").asText()).isEqualTo("api");
        assertThat(line.get("Requests").asInt()).isEqualTo(1);
        assertThat(line.get("ClientErrors").asInt() + line.get("ServerErrors").asInt())
                .isZero();
        assertThat(line.get("status").asInt()).isEqualTo(200);
        assertThat(line.get("route").asText()).isEqualTo(STEPS);
        assertThat(line.get("task_id").asText()).isEqualTo(task.toString());
        assertThat(line.get("AWSRequestId").asText()).isEqualTo(context.getAwsRequestId());
    }

    @Test
    void rejectedRequest_countsAsClientError_andIsNotLogged() throws Exception {
        send(bob, SCREENSHOT, Map.of("step_id", task + ".1"), "");
        send(alice, STEPS, Map.of("task_id", task.toString()), SECRET + "=" + SECRET);
        send(alice, TASK, Map.of("task_id", SECRET), "");
        send(alice, "GET /" + "nowhere", Map.of(), "");

        assertThat(context.metricLines()).hasSize(4).allMatch(line -> line.contains("\"ClientErrors\":1"));
        assertThat(JSON.readTree(context.metricLines().get(0)).get("task_id").asText())
                .isEqualTo(task.toString());
        assertThat(context.logged()).hasLineCount(4).doesNotContain(SECRET);
    }

    @Test
    void databaseError_logsTheTaskId_butNoContent() throws Exception {
        DATABASE.execute("ALTER TABLE task_steps RENAME COLUMN thinking TO gone");
        try {
            assertThat(send(alice, STEPS, Map.of("task_id", task.toString()), "")
                            .status())
                    .isEqualTo(503);
        } finally {
            DATABASE.execute("ALTER TABLE task_steps RENAME COLUMN gone TO thinking");
        }

        assertThat(context.logged()).doesNotContain(SECRET);
        JsonNode error = JSON.readTree(context.logged().lines().findFirst().orElseThrow());
        assertThat(error.get("level").asText()).isEqualTo("ERROR");
        assertThat(error.get("event").asText()).isEqualTo("database_unavailable");
        assertThat(error.get("reason").asText()).contains("SQLSTATE 42703");
        assertThat(error.get("task_id").asText()).isEqualTo(task.toString());
        assertThat(error.get("AWSRequestId").asText()).isEqualTo(context.getAwsRequestId());
        assertThat(context.metricLines()).singleElement().asString().contains("\"ServerErrors\":1");
    }

    @Test
    void unavailableDatabase_isCountedInTheMetrics() {
        Map<String, String> away = new HashMap<>(SETTINGS);
        away.put("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none");

        Api.Answer answer = send(
                new Api(new ApiHandler(away), Map.of("sub", "alice")), TASK, Map.of("task_id", task.toString()), "");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(context.metricLines())
                .singleElement()
                .asString()
                .contains("\"ServerErrors\":1", "\"DatabaseConnectFailures\":1")
                .doesNotContain("DatabaseConnectLatency");
        assertThat(context.logged()).contains("SQLSTATE 08001").doesNotContain(SECRET);
    }

    /** No server listens at the address of the bucket. */
    @Test
    void exportWithUnavailableBucket_logsTheReason() {
        Api.Answer answer = send(alice, "GET /api/tasks/{task_id}/export", Map.of("task_id", task.toString()), "");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(context.logged()).contains("the bucket is not available", task.toString());
    }

    private Api.Answer send(Api by, String route, Map<String, String> path, String query) {
        return by.send(
                APIGatewayV2HTTPEvent.builder()
                        .withRouteKey(route)
                        .withPathParameters(path)
                        .withRawQueryString(query)
                        .build(),
                context);
    }
}
