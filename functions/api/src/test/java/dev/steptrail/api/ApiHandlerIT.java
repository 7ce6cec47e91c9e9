package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests authorization and error responses. */
class ApiHandlerIT extends ApiTestBase {
    @Test
    void task_hasCountersAndUnchangedMetadata() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));

        JsonNode shown = alice.get(TASK, task).json();

        assertThat(shown.get("task_id").asText()).isEqualTo(task.toString());
        assertThat(shown.get("started_at").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(shown.get("end_reason").asText()).isEqualTo("finished");
        assertThat(shown.get("total_steps").asInt()).isEqualTo(1);
        assertThat(shown.get("previous_task_id").isNull()).isTrue();
        assertThat(shown.get("metadata").toString()).isEqualTo("{\"build\":\"1.10\"}");
    }

    @Test
    void taskList_containsTheCallersTasksNewestFirst() {
        Api carol = new Api(HANDLER, Map.of("sub", "carol"));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            UUID id = UuidV7.at(TestRecords.START.plusSeconds(i));
            ids.add(0, id.toString());
            DATABASE.write(message("AIDACAROL", step(id, i + 1)));
        }
        write(step(task, 1));

        assertThat(carol.pages(TASKS, null, "limit=3", "tasks", "task_id"))
                .containsExactly(ids.subList(0, 3), ids.subList(3, 5));
        assertThat(admin.get(TASKS, null, "limit=1000").json().get("tasks").findValuesAsText("task_id"))
                .contains(task.toString(), ids.get(0));
        assertThat(bob.get(TASKS, null).json().get("tasks")).isEmpty();
    }

    @Test
    void taskOfAnotherOwner_is404() {
        write(withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp")));
        UUID deleted = UuidV7.at(TestRecords.START);
        write(step(deleted, 1));
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + deleted + "'");

        for (String route : List.of(TASK, STEPS, REPORT, SCREENSHOTS, SCREENSHOT)) {
            String step = route.equals(SCREENSHOT) ? ".1" : "";
            Api.Answer unknown = alice.get(route, UUID.randomUUID() + step, "");

            assertThat(unknown.status()).isEqualTo(404);
            assertThat(bob.get(route, task + step)).isEqualTo(unknown);
            assertThat(alice.get(route, deleted + step)).isEqualTo(unknown);
            assertThat(admin.get(route, deleted + step)).isEqualTo(unknown);
            assertThat(alice.get(route, "'; DROP TABLE tasks; --" + step)).isEqualTo(unknown);
            assertThat(alice.get(route, task.toString().toUpperCase(Locale.ROOT) + step, ""))
                    .isEqualTo(unknown);
            assertThat(alice.get(route, task + step).status()).isIn(200, 302);
            assertThat(admin.get(route, task + step).status()).isIn(200, 302);
        }
    }

    @Test
    void withoutVerifiedToken_everyRouteExceptHealthIs401() {
        write(step(task, 1));
        for (Api anonymous : List.of(new Api(HANDLER, null), new Api(HANDLER, Map.of("sub", " ")))) {
            for (String route : List.of(TASKS, TASK, STEPS, REPORT, SCREENSHOTS, SCREENSHOT)) {
                Api.Answer answer = anonymous.get(route, task);
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
                assertThat(answer.text("/type")).isEqualTo("urn:steptrail:problem:unauthenticated");
                assertThat(answer.text("/trace_id")).isEqualTo("request-1");
            }
            assertThat(anonymous.get("GET /health", null).status()).isEqualTo(200);
        }
    }

    @Test
    void me_returnsTheSubject_andWhetherItIsAnAdmin() {
        assertThat(alice.get("GET /api/me", null).body()).isEqualTo("{\"owner\":\"alice\",\"admin\":false}");
        assertThat(admin.get("GET /api/me", null).body()).isEqualTo("{\"owner\":\"root\",\"admin\":true}");
        assertThat(new Api(HANDLER, null).get("GET /api/me", null).status()).isEqualTo(401);
    }

    @Test
    void withoutTheDatabase_signInIsAnswered_andHealthIs503WithoutInternalDetails() {
        ApiHandler handler = new ApiHandler(
                TestSettings.of(DATABASE, Map.of("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none")));
        Api anonymous = new Api(handler, null);

        JsonNode signIn = anonymous.get("GET /api/sign-in", null).json();
        assertThat(signIn.get("issuer").asText()).isEqualTo("https://issuer.example.com/pool");
        assertThat(signIn.get("client_id").asText()).isEqualTo("viewer");
        assertThat(signIn).hasSize(2);
        assertThat(anonymous.get("GET /health", null).status()).isEqualTo(503);
        assertThat(anonymous.get("GET /health", null).detail())
                .isEqualTo("The database is unavailable or did not respond in time. Retry in a few seconds.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STEPTRAIL_BUCKET", "STEPTRAIL_EXPORTS_QUEUE_URL", "STEPTRAIL_ISSUER", "AWS_ACCESS_KEY_ID"})
    void constructor_withoutSetting_namesIt(String name) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.remove(name);

        assertThatThrownBy(() -> new ApiHandler(settings)).hasMessageStartingWith(name + ": is not set");
    }
}
