package dev.steptrail.cli.phone.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.phone.suite.SuiteJournal.Entry;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.phone.suite.TaskResult.Problem;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SuiteResultsTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    private final Map<TaskKey, Entry> ended = new HashMap<>();

    private TaskKey add(String caseId, int repeat, RunOutcome outcome, @Nullable Label verdict) {
        TaskKey key = new TaskKey(caseId, repeat, null);
        TaskResult result =
                new TaskResult(TASK, "a", outcome, 4, Duration.ofMillis(1500), "message", verdict, "reason", null);
        ended.put(key, new Entry(key, "digest", TASK, result));
        return key;
    }

    private SuiteResults results(TaskKey... keys) {
        return new SuiteResults("nightly", List.of(keys), ended);
    }

    private static String junit(SuiteResults results) {
        return new String(results.toJunit(), UTF_8);
    }

    @Test
    void passedTasks_passTheSuite() {
        SuiteResults results =
                results(add("x", 1, RunOutcome.SUCCEEDED, Label.PASS), add("x", 2, RunOutcome.SUCCEEDED, null));

        assertThat(results.allPassed()).isTrue();
        assertThat(junit(results))
                .contains("tests=\"2\" errors=\"0\" skipped=\"0\" failures=\"0\"")
                .contains("<testcase classname=\"x\" name=\"repeat 1\" time=\"1.500\"><system-out>pass: reason (task "
                        + TASK + " on a)</system-out>");
    }

    @Test
    void failedVerdict_isAFailure_evenIfTheAgentClaimsSuccess() {
        SuiteResults results = results(add("x", 1, RunOutcome.SUCCEEDED, Label.FAIL));

        assertThat(results.allPassed()).isFalse();
        assertThat(junit(results))
                .contains("errors=\"0\" skipped=\"0\" failures=\"1\"")
                .contains("<failure ")
                .contains("type=\"evaluator\"");
    }

    @Test
    void failedTaskWithoutVerdict_isAFailure() {
        SuiteResults results = results(add("x", 1, RunOutcome.STEP_LIMIT, null));

        assertThat(results.allPassed()).isFalse();
        assertThat(junit(results)).contains("failures=\"1\"").contains("type=\"step_limit\"");
    }

    @Test
    void unclearTask_isAnError() {
        SuiteResults results = results(add("x", 1, RunOutcome.MODEL_ERROR, Label.UNCLEAR));

        assertThat(results.allPassed()).isFalse();
        assertThat(junit(results))
                .contains("errors=\"1\" skipped=\"0\" failures=\"0\"")
                .contains("<error ")
                .contains("type=\"model_error\"");
    }

    @Test
    void taskThatWasNotRun_isAnError() {
        SuiteResults results = results(add("x", 1, RunOutcome.SUCCEEDED, Label.PASS), new TaskKey("x", 2, null));

        assertThat(results.allPassed()).isFalse();
        assertThat(junit(results))
                .contains("errors=\"1\"")
                .contains("<error message=\"the task was not run\" type=\"not_run\">");
    }

    @Test
    void text_hasARowForEachCase_andASummary() throws Exception {
        SuiteResults results = results(
                add("x", 1, RunOutcome.SUCCEEDED, Label.PASS),
                add("x", 2, RunOutcome.SUCCEEDED, Label.FAIL),
                add("y", 1, RunOutcome.MODEL_ERROR, Label.UNCLEAR),
                new TaskKey("y", 2, null));

        assertThat(results.toText(ZoneOffset.UTC))
                .containsExactly(
                        "CASE  PASS  FAIL  UNCLEAR  NOT RUN  MEAN STEPS  MEAN SECONDS",
                        "x     1     1     0        0        4.0         1.5",
                        "y     0     0     1        1        4.0         1.5",
                        "nightly: 1 of 4 passed, 1 failed, 1 unclear",
                        "1 of 4 tasks was ended by the phone or the model's server (run again by --retry-errors):",
                        "  1 task: reason",
                        "1 of 4 tasks was not run; the same command continues");
        ObjectNode json = results.toJson(id -> "link " + id);
        assertThat(json.path("not_run").asInt()).isEqualTo(1);
        assertThat(json.at("/tasks/0/url").asText()).isEqualTo("link " + TASK);
        assertThat(json.at("/tasks/0/task_id").asText()).isEqualTo(TASK.toString());
        assertThat(json.at("/tasks/3"))
                .as("the task that was not run")
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"case\":\"y\",\"repeat\":2,\"device\":null,\"counts\":\"not_run\"}"));
    }

    @Test
    void tasksThatWereNotJudged_areListedWithTheirReasons() {
        List<TaskKey> keys = List.of(
                add("x", 1, RunOutcome.SUCCEEDED, null),
                add("x", 2, RunOutcome.SUCCEEDED, null),
                add("x", 3, RunOutcome.SUCCEEDED, null));
        for (TaskKey key : keys) {
            String reason = "not judged: " + (key.repeat() == 3 ? "late" : "broken");
            ended.computeIfPresent(
                    key,
                    (same, entry) -> new Entry(
                            key,
                            "digest",
                            TASK,
                            Objects.requireNonNull(entry.result()).unclear(Problem.NOT_JUDGED, reason)));
        }
        SuiteResults results = results(keys.toArray(TaskKey[]::new));

        assertThat(results.toText(ZoneOffset.UTC))
                .endsWith(
                        "nightly: 0 of 3 passed, 0 failed, 3 unclear",
                        "3 of 3 tasks were not judged (judged again by --retry-errors or, if delivered, by steptrail"
                                + " evaluate --rejudge):",
                        "  2 tasks: broken",
                        "  1 task: late");
        assertThat(junit(results)).contains("errors=\"3\"").contains("type=\"evaluator\"");
    }
}
