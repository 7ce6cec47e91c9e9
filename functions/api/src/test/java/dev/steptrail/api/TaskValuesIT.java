package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.query.TaskValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the known values for filters of tasks. */
class TaskValuesIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final ApiHandler HANDLER =
            new ApiHandler(TestSettings.of(DATABASE, Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")));
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(DATABASE.database());
    private static final String VALUES = "GET /api/tasks/values";

    private static final Api ADMIN = new Api(HANDLER, Map.of("sub", "root", "cognito:groups", "[steptrail-admin]"));
    private static final Api ALICE = new Api(HANDLER, Map.of("sub", "alice"));
    private static final Api BOB = new Api(HANDLER, Map.of("sub", "bob"));

    @BeforeAll
    static void write() {
        AgentRepository agents = new AgentRepository(DATABASE.database());
        agents.register(new Agent("AIDAALICE", "alice", List.of()));
        agents.register(new Agent("AIDACAROL", "carol", List.of()));
        for (String experiment : List.of("nightly/1", "nightly/1", "100_a", "100xa")) {
            UUID task = UuidV7.at(TestRecords.START);
            WRITER.write(List.of(message("AIDAALICE", startedRepeat(task, TestRecords.START, experiment, "torch"))));
            tag(ALICE, task, "相机", experiment.equals("nightly/1") ? "Night" : "day");
        }
        UUID deleted = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("AIDAALICE", startedRepeat(deleted, TestRecords.START, "deleted", "torch"))));
        ALICE.delete(deleted);
        UUID carols = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("AIDACAROL", started(carols))));
        tag(ADMIN, carols, "private");
        DATABASE.execute("UPDATE tasks SET model = 'secret-model', device_id = '' WHERE owner = 'carol'");
    }

    private static void tag(Api caller, UUID task, String... tags) {
        for (String tag : tags) {
            Map<String, String> path = Map.of("task_id", task.toString(), "tag", tag);
            assertThat(caller.call("PUT /api/tasks/{task_id}/tags/{tag}", path, "", "", Map.of())
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "field=agent|demo-agent 4",
                "''|demo-agent 4",
                "field=model|glm 4",
                "field=device_id|phone-1 4",
                "field=tag|相机 4,Night 2,day 2",
                "field=experiment|nightly/1 2,100_a 1,100xa 1",
                "field=tag&prefix=n|Night 2",
                "field=tag&prefix=NIGHT|Night 2",
                "field=tag&prefix=相|相机 4",
                "field=tag&prefix=ight|''",
                "field=experiment&prefix=100_|100_a 1",
                "field=model&prefix=secret|''",
                "field=experiment&prefix=deleted|''",
            })
    void values_areThoseOfTheCaller_mostFrequentFirst(String query, String values) {
        assertThat(list(ALICE, query)).isEqualTo(values);
        assertThat(list(ADMIN, "owner=alice&" + query)).isEqualTo(values);
        assertThat(list(BOB, query)).isEmpty();
    }

    @Test
    void admin_seesTheValuesOfAllOwners() {
        assertThat(list(ADMIN, "field=model")).isEqualTo("glm 4,secret-model 1");
        assertThat(list(ADMIN, "field=tag")).isEqualTo("相机 4,Night 2,day 2,private 1");
        assertThat(list(ADMIN, "field=tag&owner=carol")).isEqualTo("private 1");
    }

    @Test
    void emptyValues_areOmitted() {
        assertThat(list(ADMIN, "field=device_id&owner=carol")).isEmpty();
    }

    @Test
    void response_containsTheNumberOfCountedTasks() {
        assertThat(ALICE.get(VALUES, null, "field=model").body())
                .isEqualTo("{\"field\":\"model\",\"values\":[{\"value\":\"glm\",\"tasks\":4}],\"counted_tasks\":4,"
                        + "\"truncated\":false}");
        assertThat(ALICE.get(VALUES, null, "field=model&prefix=none").body())
                .isEqualTo("{\"field\":\"model\",\"values\":[],\"counted_tasks\":4,\"truncated\":false}");
    }

    @Test
    void moreThanTheMaximum_areTruncated() {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at, agent) SELECT gen_random_uuid(), 'many',"
                + " now(), 'agent ' || (n % 150) FROM generate_series(1, " + (TaskValues.MAX_TASKS + 10) + ") AS n");

        JsonNode many = ADMIN.get(VALUES, null, "owner=many&field=agent").json();

        assertThat(many.get("values")).hasSize(TaskValues.MAX_VALUES);
        assertThat(many.get("counted_tasks").asInt()).isEqualTo(TaskValues.MAX_TASKS);
        assertThat(many.get("truncated").asBoolean()).isTrue();
        assertThat(ADMIN.get(VALUES, null, "owner=many&field=agent&prefix=AGENT 14")
                        .json()
                        .get("values"))
                .hasSize(11);
        DATABASE.execute("DELETE FROM tasks WHERE owner = 'many'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "field=device|field: must be one of agent, model, device_id, tag, experiment, but is \"device\".",
                "field=tag&prefix=|prefix: must be 1 to 200 characters, without control characters.",
                "field=tag&limit=5|limit: unknown query parameter; allowed: field, owner, prefix.",
                "owner=carol|owner: must be your own user id; only admins can read the tasks of other owners."
            })
    void invalidParameter_isNamed(String query, String detail) {
        Api.Answer answer = ALICE.get(VALUES, null, query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asText()).isEqualTo(detail);
    }

    private static String list(Api caller, String query) {
        Api.Answer answer = caller.get(VALUES, null, query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> values = new ArrayList<>();
        answer.json()
                .get("values")
                .forEach(value -> values.add(
                        value.get("value").asText() + " " + value.get("tasks").asInt()));
        return String.join(",", values);
    }
}
