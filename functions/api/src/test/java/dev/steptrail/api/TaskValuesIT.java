package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.query.TaskValues;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the known values for filters of tasks. */
class TaskValuesIT {
    private static final SeparateApi API = new SeparateApi();
    private static final String VALUES = "GET /api/tasks/values";

    private static final Api ADMIN = API.admin;
    private static final Api ALICE = API.by("alice");
    private static final Api BOB = API.by("bob");

    @BeforeAll
    static void write() {
        for (String experiment : List.of("nightly/1", "nightly/1", "100_a", "100xa")) {
            UUID task = UuidV7.at(TestRecords.START);
            API.write("alice", startedRepeat(task, TestRecords.START, experiment, "torch"));
            API.tag(ALICE, task, "相机", experiment.equals("nightly/1") ? "Night" : "day");
        }
        UUID deleted = UuidV7.at(TestRecords.START);
        API.write("alice", startedRepeat(deleted, TestRecords.START, "deleted", "torch"));
        ALICE.delete(deleted);
        UUID carols = UuidV7.at(TestRecords.START);
        API.write("carol", started(carols));
        API.tag(ADMIN, carols, "private");
        API.database.execute("UPDATE tasks SET model = 'secret-model', device_id = '' WHERE owner = 'carol'");
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
        assertThat(list(ADMIN, "field=device_id&owner=carol"))
                .as("an empty value")
                .isEmpty();
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
        API.database.execute("INSERT INTO tasks (task_id, owner, started_at, agent) SELECT gen_random_uuid(), 'many',"
                + " now(), 'agent ' || (n % 150) FROM generate_series(1, " + (TaskValues.MAX_TASKS + 10) + ") AS n");

        JsonNode many = ADMIN.get(VALUES, null, "owner=many&field=agent").json();

        assertThat(many.get("values")).hasSize(TaskValues.MAX_VALUES);
        assertThat(many.get("counted_tasks").asInt()).isEqualTo(TaskValues.MAX_TASKS);
        assertThat(many.get("truncated").asBoolean()).isTrue();
        assertThat(ADMIN.get(VALUES, null, "owner=many&field=agent&prefix=AGENT 14")
                        .json()
                        .get("values"))
                .hasSize(11);
        API.database.execute("DELETE FROM tasks WHERE owner = 'many'");
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
