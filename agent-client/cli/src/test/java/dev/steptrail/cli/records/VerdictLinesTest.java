package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Verdict lines, which need no open task. */
class VerdictLinesTest extends LineRecorderTestBase {
    private static final String OTHER = "019b1ed6-ce02-7a41-b1c5-2f8a90d3e671";

    private List<Verdict> verdicts() throws Exception {
        List<Verdict> verdicts = new ArrayList<>();
        for (OutboxTask folder : outbox.tasks()) {
            for (StepRecord record : records(folder.id())) {
                if (record instanceof Verdict verdict) {
                    verdicts.add(verdict);
                }
            }
        }
        return verdicts;
    }

    private static String verdict(String fields) {
        return "{\"record\":\"verdict\"," + fields + "}";
    }

    @Test
    void aVerdictOnAnyTask_isRecordedWithoutAnOpenTask() throws Exception {
        assertThat(recorder.add(verdict("\"task_id\":\"" + OTHER + "\",\"value\":\"fail\",\"evaluator\":\"judge\","
                        + "\"evaluator_version\":\"2\",\"reason\":\"no alarm\",\"x_extra\":1")))
                .isEmpty();

        assertThat(problems).isEmpty();
        assertThat(verdicts()).singleElement().satisfies(verdict -> assertThat(verdict)
                .isEqualTo(new Verdict(
                        UUID.fromString(OTHER),
                        verdict.timestamp(),
                        "success",
                        VerdictValue.Label.FAIL,
                        "judge",
                        "2",
                        "no alarm",
                        Map.of("x_extra", 1))));
    }

    @Test
    void aVerdictWithoutTaskId_isOnTheTaskThatWasStartedLast() throws Exception {
        UUID task = started();
        assertThat(recorder.add(verdict("\"value\":\"pass\",\"evaluator\":\"judge\"")))
                .contains(task);
        recorder.add("{\"record\":\"task_ended\",\"status\":\"succeeded\"}");
        recorder.add(verdict("\"name\":\"score\",\"value\":0.5,\"evaluator\":\"judge\""));

        assertThat(problems).isEmpty();
        assertThat(verdicts()).extracting(Verdict::taskId).containsExactly(task, task);
        assertThat(verdicts())
                .extracting(Verdict::value)
                .containsExactly(VerdictValue.Label.PASS, new VerdictValue.Score(0.5));
        assertThat(records(task)).hasSize(2);
    }

    @Test
    void invalidVerdicts_areRejected_andLoseNoStep() throws Exception {
        recorder.add(verdict("\"value\":\"pass\",\"evaluator\":\"judge\""));
        recorder.add(verdict("\"task_id\":\"nonsense\",\"value\":\"pass\",\"evaluator\":\"judge\""));
        recorder.add(verdict("\"task_id\":\"" + OTHER + "\",\"value\":\"good\",\"evaluator\":\"judge\""));
        recorder.add(verdict("\"task_id\":\"" + OTHER + "\",\"value\":1,\"evaluator\":\"judge\""));
        recorder.add(verdict("\"task_id\":\"" + OTHER + "\",\"value\":\"pass\""));

        assertThat(problems)
                .satisfiesExactly(
                        problem -> assertThat(problem).isEqualTo("task_id: is required, because no task was started"),
                        problem -> assertThat(problem).startsWith("task_id: "),
                        problem -> assertThat(problem)
                                .isEqualTo("value: must be pass, fail, unclear or a number, but is \"good\""),
                        problem -> assertThat(problem)
                                .isEqualTo("value: must be pass, fail or unclear for the name success, but is 1"),
                        problem -> assertThat(problem).startsWith("evaluator: "));
        assertThat(recorder.lost().toString()).isEmpty();
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void anInvalidOptionalField_isOmitted() throws Exception {
        recorder.add(verdict(
                "\"task_id\":\"" + OTHER + "\",\"name\":\"score\",\"value\":1,\"evaluator\":\"judge\",\"reason\":5"));

        assertThat(problems).singleElement().asString().startsWith("field reason is omitted");
        assertThat(verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.reason()).isNull();
            assertThat(verdict.unknown()).isEqualTo(Map.of("invalid_fields", List.of("reason")));
        });
    }
}
