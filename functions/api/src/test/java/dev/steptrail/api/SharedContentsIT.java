package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that a share link shows sensitive screenshots, details, judgements and model calls only if it includes them:
 * each is planted in the task, and searched for in all answers, for each combination of options.
 */
class SharedContentsIT extends ApiTestBase {
    private static final String JUDGE = "judge.kim";

    private static final List<String> JUDGEMENTS = List.of(
            "tag-m",
            "reason-m",
            "label-m",
            "note-m",
            "evaluator-m",
            "experiment-m",
            "case-m",
            "attribute-m",
            "\"human\"");

    /** The cost is that of 7,654,321 input tokens at a price of 3 per million. */
    private static final List<String> MODEL_CALLS =
            List.of("7654321", "22.962963", "input-m", "output-m", "model_input", "attached-m", "0badcafe");

    private static final List<String> SENSITIVE_MODEL_CALLS =
            List.of("image-m", "secret-output-m", "secret-attached-m", "5ec2e7ed");

    private static final List<String> SENSITIVE =
            List.of("\"sensitive\":true", "| 4 | after |", "secret.webp", "image-s");

    private static final UUID PREVIOUS_TASK = UUID.fromString("019b1ed6-ce02-7a41-b1c5-2f8a90d3e671");
    private static final List<String> DETAILS = List.of(
            "alice",
            "AIDAALICE",
            "phone-7",
            "rack-3",
            "start-9",
            "end-9",
            "own-9",
            "shot-9",
            "a.webp",
            "t.webp",
            "/home/ann.lee/bank/shot1.png",
            PREVIOUS_TASK.toString());

    /** What is shown without details. */
    private static final List<String> PLAIN = List.of(
            "{\"dropped_steps\":{\"queue_full\":3}}",
            "\"model_ms\":1200",
            "[{\"role\":\"before\",\"count\":2},{},{}]",
            "\"original_size\":300000}",
            "\"total_lost_screenshots\":4");

    /** Fields of a step whose names the format defines, with values that it does not. */
    private static final String DETAILED_DATA = """
            {
              "attachments": [{"field": "thinking", "path": "attachments/AIDAALICE/1", "file_hash": "0", "file_size": 1,
                               "original_size": 300000, "by": "ann.lee"}],
              "timings": {"model_ms": 1200, "on": "/home/ann.lee"},
              "resources": {"cpu": 0.5, "by": {"user": "ann.lee"}},
              "lost_screenshots": [
                {"role": "before", "count": 2, "reason": "/home/ann.lee/bank/shot1.png", "device": "phone-7"},
                {"role": "ann.lee", "count": "1", "screenshot_path": "attachments/AIDAALICE/3"},
                "ann.lee"
              ]
            }
            """;

    private static final TestBucket BUCKET = TestBucket.empty();
    private static final ApiHandler WITH_BUCKET = new ApiHandler(
            TestSettings.of(DATABASE, TestQueue.settings(BUCKET.settings(), new TestQueue(), new TestQueue())));

    private final Api anonymous = new Api(WITH_BUCKET, null);
    private final Api judge = new Api(HANDLER, Map.of("sub", JUDGE, "cognito:groups", "[steptrail-admin]"));

    /** @param flags four bits: sensitive, details, judgements and model calls */
    private record Link(int flags) {
        boolean sensitive() {
            return (flags & 1) != 0;
        }

        boolean details() {
            return (flags & 2) != 0;
        }

        boolean judgements() {
            return (flags & 4) != 0;
        }

        boolean modelCalls() {
            return (flags & 8) != 0;
        }

        String body() {
            return "{\"include_sensitive\":%b,\"include_details\":%b,\"include_judgements\":%b,\"include_model_calls\":%b}"
                    .formatted(sensitive(), details(), judgements(), modelCalls());
        }
    }

    static Stream<Link> links() {
        return IntStream.range(0, 16).mapToObj(Link::new);
    }

    @BeforeEach
    void writeTask() {
        String path = "attachments/AIDAALICE/" + task + "/a.json.gz";
        BUCKET.put(path, "attached-m".getBytes(StandardCharsets.US_ASCII));
        String secretPath = "attachments/AIDAALICE/" + task + "/b.json.gz";
        BUCKET.put(secretPath, "secret-attached-m".getBytes(StandardCharsets.US_ASCII));
        ExperimentCase repeat = new ExperimentCase("experiment-m", "case-m", 3, Map.of("prompt", "attribute-m"));
        List<Attachment> attachments =
                List.of(TestRecords.attachment("description", path), TestRecords.attachment("attributes", path));
        TaskStarted start = with(started(task), "deviceId", "phone-7", "previousTaskId", PREVIOUS_TASK);
        start = with(start, "experimentCase", repeat, "attachments", attachments);
        Screenshot plain = with(screenshot("a.webp"), "thumbnailPath", key("t.webp"));
        BUCKET.put(key("secret.webp"), "image-s".getBytes(StandardCharsets.US_ASCII));
        write(
                with(start, "metadata", Map.of("rack", "rack-3"), "unknown", Map.of("own", "start-9")),
                step(task, 1, "Open it", Map.of("own", "own-9"))
                        .withScreenshots(List.of(with(plain, "unknown", Map.of("by", "shot-9"))), List.of())
                        .withModelCall(new ModelCall(
                                new Usage(7654321, null, 12, Map.of("server", "unknown-m")),
                                List.of(Map.of("text", "input-m")),
                                "output-m")),
                step(task, 2)
                        .withAttachments(List.of(new Attachment(
                                "model_input", path, "0badcafe".repeat(8), 10, 20, Map.of("by", "unknown-m")))),
                step(task, 3)
                        .withScreenshots(List.of(sensitiveScreenshot()), List.of())
                        .withModelCall(new ModelCall(null, null, "secret-output-m"))
                        .withAttachments(List.of(
                                new Attachment("model_input", secretPath, "5ec2e7ed".repeat(8), 10, 20, Map.of()))),
                step(task, 4)
                        .withScreenshots(List.of(sensitiveScreenshot()), List.of())
                        .withModelCall(new ModelCall(null, "data:image/png;base64,image-m", null)),
                with(ended(task, TaskStatus.SUCCEEDED, 4), "unknown", Map.of("own", "end-9")));
        DATABASE.execute("UPDATE tasks SET losses = '{\"dropped_steps\":{\"queue_full\":3},\"own\":"
                + "\"attachments/AIDAALICE/2\"}' WHERE task_id = '" + task + "'");
        DATABASE.execute("UPDATE task_steps SET step_data = (step_data::jsonb || '" + DETAILED_DATA + "')::json"
                + " WHERE step_number = 1 AND task_id = '" + task + "'");
        DATABASE.execute(
                "INSERT INTO prices (model, valid_from, currency, input_price, cached_price, output_price, set_by)"
                        + " VALUES ('glm', '2026-01-01', 'USD', 3, 3, 0, 'root') ON CONFLICT DO NOTHING");
        String id = task.toString();
        judge.call("PUT /api/tasks/{task_id}/tags/{tag}", Map.of("task_id", id, "tag", "tag-m"), "", null, null);
        judge.call("PUT /api/tasks/{task_id}/verdicts", id, "", "{\"value\":\"fail\",\"reason\":\"reason-m\"}");
        judge.call("PUT /api/tasks/{task_id}/verdicts", id, "", "{\"value\":\"pass\",\"evaluator\":\"evaluator-m\"}");
        judge.call("POST /api/tasks/{task_id}/notes", id, "", "{\"text\":\"note-m\"}");
        judge.call(
                "PUT /api/steps/{step_id}/labels/{label}",
                Map.of("step_id", task + ".1", "label", "label-m"),
                "",
                null,
                null);
    }

    @ParameterizedTest
    @MethodSource("links")
    void link_showsOnlyWhatItIncludes(Link link) {
        String token = alice.share(task, link.body());

        Map<String, Api.Answer> answers = answers(anonymous, "/api/shared", token);
        String all = String.join(
                "\n", answers.values().stream().map(Api.Answer::body).toList());

        answers.forEach((request, answer) -> {
            boolean needsModelCalls = request.startsWith("steps/") && request.contains("/attachment");
            boolean needsDetails = request.startsWith("tasks/") && request.contains("/attachment");
            boolean needsJudgements = request.endsWith("field=attributes");
            boolean needsSensitive = request.contains(".3/attachment") || request.endsWith("role=after");
            boolean isStored = request.contains("format=html") || request.contains("format=pdf");
            boolean isHidden = needsModelCalls && !link.modelCalls()
                    || needsSensitive && !link.sensitive()
                    || needsDetails && !link.details()
                    || needsJudgements && !link.judgements();
            // A stored report is only ordered here; ExportIT tests its contents.
            List<Integer> expected = isStored ? List.of(202) : isHidden ? List.of(404) : List.of(200, 302);
            assertThat(answer.status()).as(request).isIn(expected);
            assertThat(answer.body()).as(request).doesNotContain(JUDGE);
            assertHidden(request, answer, !link.judgements(), JUDGEMENTS);
            assertHidden(request, answer, !link.modelCalls(), MODEL_CALLS);
            assertHidden(request, answer, !link.modelCalls() || !link.sensitive(), SENSITIVE_MODEL_CALLS);
            assertHidden(request, answer, !link.sensitive(), SENSITIVE);
            assertHidden(request, answer, !link.details(), DETAILS);
            assertHidden(request, answer, !link.details(), List.of("attachments/", "ann.lee", "unknown-m", task + "/"));
        });
        assertThat(all).contains(link.details() ? DETAILS : PLAIN);
        if (link.details()) {
            String csv = answers.get("tasks/" + task + "/report format=csv").body();
            assertThat(csv).contains(key("a.webp"));
            assertThat(csv.contains("secret.webp")).isEqualTo(link.sensitive());
            assertThat(answers.get("tasks/" + task + "/report format=md").body())
                    .contains("alice", "phone-7");
            assertThat(answers.get("tasks/" + task + " ").body()).contains("alice", "phone-7", "start-9", "end-9");
            assertThat(answers.get("tasks/" + task + "/report ").body())
                    .contains("alice", "/home/ann.lee/bank/shot1.png");
            for (String list : List.of("/steps ", "/screenshots ")) {
                assertThat(answers.get("tasks/" + task + list).body()).contains(key("a.webp"), key("t.webp"), "shot-9");
            }
        }
        if (link.sensitive()) {
            assertThat(all).contains(SENSITIVE.subList(0, 2)).contains(link.details() ? "secret.webp" : "image-s");
        }
        assertThat(answers.get("tasks/" + task + "/screenshots ").json().get("screenshots"))
                .hasSize(link.sensitive() ? 3 : 1);
        if (link.judgements()) {
            assertThat(all).contains(JUDGEMENTS);
        }
        if (link.modelCalls()) {
            assertThat(all).contains(link.details() ? MODEL_CALLS.subList(0, 5) : MODEL_CALLS);
        }
        if (link.modelCalls() && link.sensitive()) {
            assertThat(all).contains(link.details() ? List.of("image-m", "secret-output-m") : SENSITIVE_MODEL_CALLS);
        }
        if (link.modelCalls() && link.details()) {
            assertThat(all).contains("attachments/AIDAALICE", "unknown-m");
        }
        assertThat(answers.get("tasks/" + task + " ").json().get("success").asBoolean())
                .isEqualTo(!link.judgements());
    }

    @Test
    void owner_seesAllAndTheJudges_butModelCallsOnlyIfAsked() {
        Map<String, Api.Answer> answers = answers(new Api(WITH_BUCKET, Map.of("sub", "alice")), "/api", null);
        Api.Answer report = answers.get("tasks/" + task + "/report ");

        assertThat(report.body()).contains(JUDGE, "reason-m", "note-m", "label-m", "\"disagreement\":true");
        assertThat(report.json().get("cost").get("amounts").get("USD").asText()).isEqualTo("22.962963");
        answers.forEach((request, answer) -> {
            if (!request.contains("include_model_calls") && !request.contains("attachment")) {
                assertThat(answer.body()).as(request).doesNotContain("input-m", "output-m", "0badcafe");
            }
        });
        assertThat(answers.get("tasks/" + task + "/steps include_model_calls=true")
                        .body())
                .contains("input-m", "output-m", "0badcafe", "unknown-m");
        assertThat(answers.get("tasks/" + task + "/steps ").body()).contains("7654321", "unknown-m");
        for (String format : List.of("csv", "md")) {
            assertThat(answers.get("tasks/" + task + "/report format=" + format + "&include_model_calls=true")
                            .body())
                    .contains("input-m", "output-m");
        }
        assertThat(answers.get("tasks/" + task + "/report format=md&include_model_calls=true")
                        .body())
                .contains("stored separately, 10 bytes");
    }

    @Test
    void judgementRoutes_doNotAcceptALink() {
        String token = alice.share(task, "{\"include_judgements\":true,\"include_model_calls\":true}");

        for (String list : List.of("verdicts", "labels", "notes")) {
            assertThat(anonymous
                            .get(
                                    "GET /api/tasks/{task_id}/" + list,
                                    task,
                                    "",
                                    Map.of(ShareLinkAuthenticator.HEADER, token))
                            .status())
                    .isEqualTo(401);
        }
    }

    private Screenshot screenshot(String file) {
        return TestRecords.withScreenshot(step(task, 1), FrameRole.BEFORE, key(file))
                .screenshots()
                .get(0);
    }

    private Screenshot sensitiveScreenshot() {
        return with(screenshot("secret.webp"), "sensitive", true, "role", FrameRole.AFTER);
    }

    private static void assertHidden(String request, Api.Answer answer, boolean isHidden, List<String> markers) {
        if (isHidden) {
            assertThat(answer.body()).as(request).doesNotContain(markers);
            assertThat(answer.headers().toString()).as(request).doesNotContain(markers);
        }
    }

    /** Returns the answers of all routes for readers, by path and query. */
    private Map<String, Api.Answer> answers(Api reader, String root, String token) {
        List<String> requests = new ArrayList<>(List.of(
                "tasks/%s ",
                "tasks/%s/steps ",
                "tasks/%s/steps include_model_calls=true",
                "tasks/%s/screenshots ",
                "steps/%s.1/screenshot redirect=false",
                "steps/%s.3/screenshot role=after",
                "steps/%s.2/attachment redirect=false",
                "steps/%s.2/attachment ",
                "steps/%s.3/attachment redirect=false",
                "steps/%s.3/attachment ",
                "tasks/%s/attachment redirect=false",
                "tasks/%s/attachment field=attributes",
                "tasks/%s/report ",
                "tasks/%s/report include_model_calls=true"));
        for (String format : List.of("csv", "md", "html", "pdf")) {
            requests.add("tasks/%s/report format=" + format);
            requests.add("tasks/%s/report format=" + format + "&include_model_calls=true");
        }
        Map<String, Api.Answer> answers = new LinkedHashMap<>();
        for (String request : requests) {
            String[] pathAndQuery = request.split(" ", 2);
            String id = pathAndQuery[0].split("/")[1].formatted(task);
            String route = "GET " + root + "/"
                    + pathAndQuery[0]
                            .replaceFirst("^tasks/%s", "tasks/{task_id}")
                            .replaceFirst("^steps/%s[.][0-9]", "steps/{step_id}");
            answers.put(
                    request.formatted(task),
                    reader.get(
                            route,
                            id,
                            pathAndQuery[1],
                            token == null ? Map.of() : Map.of(ShareLinkAuthenticator.HEADER, token)));
        }
        return answers;
    }
}
