package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.Agent;
import dev.steptrail.store.DatabaseStepWriter;
import dev.steptrail.store.RegisterAgent;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiHandlerIT {
    private static final String TASKS = "GET /api/tasks";
    private static final String TASK = "GET /api/tasks/{task_id}";
    private static final String STEPS = "GET /api/tasks/{task_id}/steps";
    private static final String REPORT = "GET /api/tasks/{task_id}/report";
    private static final String SCREENSHOTS = "GET /api/tasks/{task_id}/screenshots";
    private static final String SCREENSHOT = "GET /api/steps/{step_id}/screenshot";

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Map<String, String> SETTINGS = DATABASE.settings(Map.of(
            "STEPTRAIL_BUCKET", "trail",
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000"));
    private static final ApiHandler HANDLER = new ApiHandler(SETTINGS);
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(DATABASE.database());

    private final Api alice = new Api(HANDLER, Map.of("sub", "alice"));
    private final Api bob = new Api(HANDLER, Map.of("sub", "bob"));
    private final Api admin = new Api(HANDLER, Map.of("sub", "root", "cognito:groups", "[others steptrail-admin]"));
    private final UUID task = UuidV7.at(TestRecords.START);

    @BeforeAll
    static void register() {
        RegisterAgent agents = new RegisterAgent(DATABASE.database());
        agents.register(new Agent("AIDAALICE", "alice", List.of()));
        agents.register(new Agent("AIDACAROL", "carol", List.of()));
    }

    @Test
    void aTask_isShownWithItsCountersAndItsMetadataAsGiven() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));

        JsonNode shown = alice.get(TASK, task.toString(), "").json();

        assertThat(shown.get("task_id").asText()).isEqualTo(task.toString());
        assertThat(shown.get("started_at").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(shown.get("ending").asText()).isEqualTo("finished");
        assertThat(shown.get("total_steps").asInt()).isEqualTo(1);
        assertThat(shown.get("continues").isNull()).isTrue();
        assertThat(shown.get("metadata").toString()).isEqualTo("{\"build\":\"1.10\"}");
    }

    @Test
    void aStep_comesBackAsItWasSent() {
        write(withScreenshot(
                step(task, 5, TestRecords.THINKING, Map.of("mood", "calm", "step_id", "forged")),
                FrameRole.BEFORE,
                key("a.webp")));

        String body = alice.get(STEPS, task.toString(), "").body();
        JsonNode shown =
                alice.get(STEPS, task.toString(), "").json().get("steps").get(0);

        assertThat(body)
                .contains("\"action\":{\"action\":\"Tap\",\"element\":[499,842],\"_metadata\":\"do\"}")
                .contains("相机 📷");
        assertThat(shown.get("step_id").asText()).isEqualTo(task + ".5");
        assertThat(shown.get("thinking").asText()).isEqualTo(TestRecords.THINKING);
        assertThat(shown.get("timestamp").asText()).isEqualTo("2026-03-01T10:00:05Z");
        assertThat(shown.get("duration_ms").asInt()).isEqualTo(500);
        assertThat(shown.get("success").asBoolean()).isFalse();
        assertThat(shown.get("error_message").asText()).isEqualTo("App not found: 相机");
        assertThat(shown.get("timings").get("model_ms").asInt()).isEqualTo(80);
        assertThat(shown.get("resources").isNull()).isTrue();
        assertThat(shown.get("mood").asText()).isEqualTo("calm");
        assertThat(shown.get("screenshot_path").asText()).isEqualTo(key("a.webp"));
        assertThat(shown.get("screenshots").get(0).get("luck").asInt()).isEqualTo(7);
        assertThat(shown.get("screenshots").get(0).has("url")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"asc,1,7", "desc,7,1"})
    void pagesOfSteps_makeTheWholeListInOrder(String order, int first, int last) {
        write(IntStream.rangeClosed(1, 7).mapToObj(i -> step(task, i)).toArray(StepRecord[]::new));

        List<Integer> numbers = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = alice.get(STEPS, task.toString(), "limit=3&order=" + order + cursor)
                    .json();
            page.get("steps")
                    .forEach(step -> numbers.add(step.get("step_number").asInt()));
            cursor = page.get("next_cursor").isNull()
                    ? null
                    : "&cursor=" + page.get("next_cursor").asText();
            pages++;
        } while (cursor != null);

        assertThat(pages).isEqualTo(3);
        assertThat(numbers).hasSize(7).startsWith(first).endsWith(last).doesNotHaveDuplicates();
    }

    @Test
    void aStepOverSixMegabytes_isReadCutAndMarked() {
        write(step(task, 1, "相".repeat(2_500_000)));

        JsonNode step =
                alice.get(STEPS, task.toString(), "").json().get("steps").get(0);

        assertThat(step.get("thinking").asText()).isEqualTo("相".repeat(256 * 1024 / 3));
        assertThat(step.get("cut_fields").toString()).isEqualTo("{\"thinking\":7500000}");
        assertThat(step.get("action").get("action").asText()).isEqualTo("Tap");
    }

    @Test
    void aPageOfLargeSteps_endsAtFourMegabytesAsEscapedOnceMoreInLambdasAnswer() {
        String large = "\"".repeat(256 * 1024);
        write(step(task, 1, large), step(task, 2, large), step(task, 3, large), step(task, 4, large));
        write(step(task, 5, large), step(task, 6, large), step(task, 7, large));

        Api.Answer first = alice.get(STEPS, task.toString(), "limit=1000");
        Api.Answer second = alice.get(
                STEPS,
                task.toString(),
                "cursor=" + first.json().get("next_cursor").asText());

        Api.Answer third = alice.get(
                STEPS,
                task.toString(),
                "cursor=" + second.json().get("next_cursor").asText());

        assertThat(TextNode.valueOf(first.body()).toString().getBytes(StandardCharsets.UTF_8).length)
                .isBetween(3 * 1024 * 1024, 4_000_000 + 1000);
        assertThat(numbers(first)).containsExactly(1, 2, 3);
        assertThat(numbers(second)).containsExactly(4, 5, 6);
        assertThat(numbers(third)).containsExactly(7);
        assertThat(third.json().get("next_cursor").isNull()).isTrue();
    }

    @Test
    void theTaskList_isTheCallersOwnNewestFirst() {
        Api carol = new Api(HANDLER, Map.of("sub", "carol"));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            UUID id = UuidV7.at(TestRecords.START.plusSeconds(i));
            ids.add(0, id.toString());
            WRITER.write(List.of(message("AIDACAROL", step(id, i + 1))));
        }
        write(step(task, 1));

        JsonNode first = carol.get(TASKS, null, "limit=3").json();
        JsonNode second = carol.get(
                        TASKS,
                        null,
                        "limit=3&cursor=" + first.get("next_cursor").asText())
                .json();

        assertThat(ids(first)).isEqualTo(ids.subList(0, 3));
        assertThat(ids(second)).isEqualTo(ids.subList(3, 5));
        assertThat(second.get("next_cursor").isNull()).isTrue();
        assertThat(ids(admin.get(TASKS, null, "limit=1000").json())).contains(task.toString(), ids.get(0));
        assertThat(ids(bob.get(TASKS, null, "").json())).isEmpty();
    }

    @Test
    void somebodyElsesTask_isAsOneThatDoesNotExist() {
        write(withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp")));
        UUID deleted = UuidV7.at(TestRecords.START);
        write(step(deleted, 1));
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + deleted + "'");

        for (String route : List.of(TASK, STEPS, REPORT, SCREENSHOTS, SCREENSHOT)) {
            String step = route.equals(SCREENSHOT) ? ".1" : "";
            Api.Answer unknown = alice.get(route, UUID.randomUUID() + step, "");

            assertThat(unknown.status()).isEqualTo(404);
            assertThat(bob.get(route, task + step, "")).isEqualTo(unknown);
            assertThat(alice.get(route, deleted + step, "")).isEqualTo(unknown);
            assertThat(admin.get(route, deleted + step, "")).isEqualTo(unknown);
            assertThat(alice.get(route, "'; DROP TABLE tasks; --" + step, "")).isEqualTo(unknown);
            assertThat(alice.get(route, task.toString().toUpperCase(Locale.ROOT) + step, ""))
                    .isEqualTo(unknown);
            assertThat(alice.get(route, task + step, "").status()).isIn(200, 302);
            assertThat(admin.get(route, task + step, "").status()).isIn(200, 302);
        }
    }

    @Test
    void withoutAVerifiedToken_everyRouteButHealthAnswers401() {
        write(step(task, 1));
        for (Api nobody : List.of(new Api(HANDLER, null), new Api(HANDLER, Map.of("sub", " ")))) {
            for (String route : List.of(TASKS, TASK, STEPS, REPORT, SCREENSHOTS, SCREENSHOT)) {
                Api.Answer answer = nobody.get(route, task.toString(), "");
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
                assertThat(answer.json().get("type").asText()).isEqualTo("urn:steptrail:problem:unauthenticated");
                assertThat(answer.json().get("trace_id").asText()).isEqualTo("request-1");
            }
            assertThat(nobody.get("GET /health", null, "").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[steptrail-admins others]", "steptrail-admin2", "[xsteptrail-admin]", "[x,steptrail-admin]", ""
            })
    void aGroupThatOnlyLooksLikeTheAdmins_isNone(String groups) {
        write(step(task, 1));

        Api caller = new Api(HANDLER, Map.of("sub", "eve", "cognito:groups", groups));

        assertThat(caller.get(TASK, task.toString(), "").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,limit: must be a whole number from 1 to 1000.",
        "limit=1001,limit: must be a whole number from 1 to 1000.",
        "limit=ten,limit: must be a whole number from 1 to 1000.",
        "order=up,'order: must be one of asc, desc.'",
        "cursor=AAAA,cursor: must be the next_cursor of a page of this list in this order.",
        "cursor=%,cursor: must be the next_cursor of a page of this list in this order.",
        "cursor=c3RlcHMuZGVzY3w3,cursor: must be the next_cursor of a page of this list in this order.",
        "cursor=c3RlcHMuYXNjfC03,cursor: must be the next_cursor of a page of this list in this order.",
        "sort=up,'sort: is no parameter of this; it takes cursor, limit, order.'",
        "<b>=up,'A query parameter: is no parameter of this; it takes cursor, limit, order.'",
    })
    void aWrongParameter_isNamed(String query, String detail) {
        write(step(task, 1));

        Api.Answer answer = alice.get(STEPS, task.toString(), query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asText()).isEqualTo(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+999999999-12-31T23:59:59.999999999Z", "-1000000000-01-01T00:00:00Z"})
    void aCursorOfATimeThatPostgresDoesNotKnow_isRefused(String time) {
        Api.Answer answer = alice.get(TASKS, null, "cursor=" + Cursor.encode("tasks.desc", time, task));

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void theReport_addsUpTheSteps() {
        write(started(task), step(task, 2), step(task, 3), step(task, 5), ended(task, TaskStatus.FAILED, 8));

        JsonNode report = alice.get(REPORT, task.toString(), "").json();

        assertThat(report.get("ending").asText()).isEqualTo("ended_without_finish");
        assertThat(report.get("total_steps").asInt()).isEqualTo(3);
        assertThat(report.get("successful_steps").asInt()).isEqualTo(2);
        assertThat(report.get("failed_steps").asInt()).isEqualTo(1);
        assertThat(report.get("success_rate").asDouble()).isEqualTo(0.667);
        assertThat(report.get("elapsed_ms").asLong()).isEqualTo(8000);
        assertThat(report.get("total_duration_ms").asLong()).isEqualTo(1000);
        assertThat(report.get("step_durations").toString())
                .isEqualTo("{\"mean_ms\":333.333,\"p50_ms\":300.0,\"p95_ms\":480.0,\"longest_ms\":500}");
        assertThat(report.get("steps_by_type").toString()).isEqualTo("{\"action\":2,\"error\":1}");
        assertThat(report.get("steps_by_action").toString()).isEqualTo("{\"Tap\":2,\"Wait\":1}");
        assertThat(report.get("errors").toString())
                .isEqualTo("[{\"step_number\":5,\"error_message\":\"App not found: 相机\"}]");
        assertThat(report.get("missing_steps").toString())
                .isEqualTo("[{\"first\":1,\"last\":1},{\"first\":4,\"last\":4},{\"first\":6,\"last\":8}]");
    }

    @Test
    void theReport_showsThePicturesThatStepsSayWereLost_besideTheLossesOfTheRecorder() {
        write(
                started(task),
                step(task, 1).shippedAs(List.of(), List.of(lost("before", "no file"), lost("after", "x".repeat(300)))),
                step(task, 2),
                step(task, 3, "odd", Map.of("lost_screenshots", List.of("a text", 7, Map.of("role", "other")))),
                step(task, 4, "odd", Map.of("lost_screenshots", "two")),
                new Losses(task, TestRecords.START.plusSeconds(5), Map.of(), Map.of("not_an_image", 2L), Map.of()));

        JsonNode report = alice.get(REPORT, task.toString(), "").json();

        assertThat(report.get("total_lost_screenshots").asInt()).isEqualTo(5);
        assertThat(report.get("lost_screenshots").toString())
                .isEqualTo("[{\"step_number\":1,\"role\":\"before\",\"reason\":\"no file\"},"
                        + "{\"step_number\":1,\"role\":\"after\",\"reason\":\"" + "x".repeat(200) + "\"},"
                        + "{\"step_number\":3,\"role\":null,\"reason\":null},"
                        + "{\"step_number\":3,\"role\":null,\"reason\":null},"
                        + "{\"step_number\":3,\"role\":\"other\",\"reason\":null}]");
        assertThat(report.get("dropped_screenshots").asInt()).isEqualTo(2);
        assertThat(report.get("losses").get("dropped_screenshots").toString()).isEqualTo("{\"not_an_image\":2}");
        JsonNode steps = alice.get(STEPS, task.toString(), "").json().get("steps");
        assertThat(steps.get(0).get("lost_screenshots").get(0).get("reason").asText())
                .isEqualTo("no file");
        assertThat(steps.get(1).has("lost_screenshots")).isFalse();
    }

    private static Map<String, Object> lost(String role, String reason) {
        return Map.of("role", role, "reason", reason);
    }

    @Test
    void theReportOfATaskWithoutSteps_isEmptyAndNoError() {
        write(started(task), ended(task, TaskStatus.FAILED, 0));

        JsonNode report = alice.get(REPORT, task.toString(), "").json();

        assertThat(report.get("total_steps").asInt()).isZero();
        assertThat(report.get("success_rate").isNull()).isTrue();
        assertThat(report.get("step_durations").get("p50_ms").isNull()).isTrue();
        assertThat(report.get("missing_steps")).isEmpty();
        assertThat(report.get("total_lost_screenshots").asInt()).isZero();
        assertThat(report.get("lost_screenshots")).isEmpty();
    }

    @Test
    void aScreenshot_isARedirectToASignedUrl() {
        write(withScreenshot(step(task, 1), FrameRole.BEFORE, key("a b.webp")));

        Api.Answer answer = alice.get(SCREENSHOT, task + ".1", "role=before");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
        assertThat(answer.headers().get("location"))
                .startsWith("http://127.0.0.1:9000/trail/screenshots/AIDAALICE/" + task + "/a%20b.webp?")
                .contains("X-Amz-Expires=300", "X-Amz-Signature=", "X-Amz-Credential=AKIDEXAMPLE");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aScreenshotWithoutRedirect_isItsUrlAndItsFields() {
        write(withScreenshot(step(task, 1), FrameRole.AFTER, key("a.webp")));

        JsonNode shown = alice.get(SCREENSHOT, task + ".1", "redirect=false").json();

        assertThat(shown.get("url").asText()).contains("X-Amz-Signature=");
        assertThat(Instant.parse(shown.get("expires_at").asText()))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(4)), Instant.now().plus(Duration.ofMinutes(6)));
        assertThat(shown.get("role").asText()).isEqualTo("after");
        assertThat(shown.get("file_size").asInt()).isEqualTo(1000);
    }

    @Test
    void aScreenshotThatIsNotThere_is404OfItsOwnKind() {
        write(step(task, 1), withScreenshot(step(task, 2), FrameRole.AFTER, key("a.webp")));

        for (Api.Answer answer : List.of(
                alice.get(SCREENSHOT, task + ".1", ""),
                alice.get(SCREENSHOT, task + ".2", "role=before"),
                alice.get(SCREENSHOT, task + ".3", ""))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().get("type").asText()).isEqualTo("urn:steptrail:problem:no-screenshot");
        }
    }

    @Test
    void screenshotsOfATask_arePagedByFiveHundredSteps() {
        write(IntStream.rangeClosed(1, 501)
                .mapToObj(i -> withScreenshot(step(task, i), FrameRole.BEFORE, key(i + ".webp")))
                .toArray(StepRecord[]::new));

        Api.Answer first = alice.get(SCREENSHOTS, task.toString(), "");
        JsonNode second = alice.get(
                        SCREENSHOTS,
                        task.toString(),
                        "cursor=" + first.json().get("next_cursor").asText())
                .json();

        assertThat(first.headers()).containsEntry("cache-control", "no-store");
        assertThat(first.json().get("screenshots")).hasSize(500);
        assertThat(first.json().get("expires_at").isNull()).isFalse();
        assertThat(second.get("screenshots")).hasSize(1);
        assertThat(second.get("screenshots").get(0).get("step_number").asInt()).isEqualTo(501);
        assertThat(second.get("screenshots").get(0).get("url").asText()).contains("/501.webp?");
        assertThat(second.get("next_cursor").isNull()).isTrue();
    }

    @Test
    void anUnknownRoute_is404() {
        assertThat(alice.get("POST /api/tasks", null, "").status()).isEqualTo(404);
    }

    @Test
    void withoutADatabase_healthIs503AndNothingInternalIsTold() {
        ApiHandler blind = new ApiHandler(DATABASE.settings(Map.of(
                "STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none",
                "STEPTRAIL_BUCKET", "trail",
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "secret")));

        Api.Answer answer = new Api(blind, null).get("GET /health", null, "");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().get("detail").asText())
                .isEqualTo("The database cannot be reached. Try again in a moment.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STEPTRAIL_BUCKET", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})
    void construction_withoutASetting_namesIt(String name) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.remove(name);

        assertThatThrownBy(() -> new ApiHandler(settings)).hasMessageStartingWith(name + ": is not set");
    }

    private void write(StepRecord... records) {
        WRITER.write(List.of(message("AIDAALICE", records)));
    }

    private String key(String file) {
        return "screenshots/AIDAALICE/" + task + "/" + file;
    }

    private static List<String> ids(JsonNode page) {
        return StreamSupport.stream(page.get("tasks").spliterator(), false)
                .map(task -> task.get("task_id").asText())
                .toList();
    }

    private static List<Integer> numbers(Api.Answer page) {
        return StreamSupport.stream(page.json().get("steps").spliterator(), false)
                .map(step -> step.get("step_number").asInt())
                .toList();
    }
}
