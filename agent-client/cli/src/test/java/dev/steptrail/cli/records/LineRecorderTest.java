package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.Usage;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the fields of a line are recorded. */
class LineRecorderTest extends LineRecorderTestBase {
    @Test
    void missingFields_getDefaults() throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\",\"description\":\"查天气\"}")
                .orElseThrow();
        recorder.add("{\"record\":\"step\",\"step_type\":\"action\",\"action\":{\"x\":1.50,\"y\":1.0},\"x_own\":[1]}");
        recorder.add("{\"record\":\"step\",\"step_type\":\"action\",\"frames\":null}");
        recorder.add("{\"record\":\"task_ended\",\"status\":\"succeeded\"}");

        List<StepRecord> records = records(task);
        assertThat(task.version()).isEqualTo(7);
        assertThat(((TaskStarted) records.get(0)).description()).isEqualTo("查天气");
        assertThat(records.subList(1, 3))
                .extracting(record -> ((Step) record).stepNumber())
                .containsExactly(1, 2);
        assertThat(((Step) records.get(1)).unknown()).isEqualTo(Map.of("x_own", List.of(1)));
        assertThat(((TaskEnded) records.get(3)).lastStepNumber()).isEqualTo(2);
    }

    @Test
    void fieldsOfLine_areKept() throws Exception {
        UUID id = UUID.fromString("019b1ed6-ce02-7a41-b1c5-2f8a90d3e671");
        String common = "\"v\":1,\"task_id\":\"" + id + "\",\"timestamp\":\"2025-12-14T21:42:01.25Z\",";

        assertThat(recorder.add("{" + common + "\"record\":\"task_started\"}")).contains(id);
        recorder.add("{" + common + "\"record\":\"step\",\"step_type\":\"action\",\"step_number\":7}");

        Step step = (Step) records(id).get(1);
        assertThat(step.stepNumber()).isEqualTo(7);
        assertThat(step.timestamp()).isEqualTo("2025-12-14T21:42:01.25Z");
    }

    @Test
    void experimentUsageAndModelCall_areRecorded_andImagesBecomeReferences() throws Exception {
        String image = Base64.getEncoder().encodeToString(picture("png"));
        UUID task = recorder.add("{\"record\":\"task_started\",\"experiment\":\"nightly\",\"case_id\":\"alarm\","
                        + "\"repeat\":2,\"attributes\":{\"app_version\":\"8.1\"}}")
                .orElseThrow();
        recorder.add(step("\"usage\":{\"input_tokens\":12,\"output_tokens\":3},\"model_output\":\"ok\","
                + "\"model_input\":[{\"image_url\":{\"url\":\"data:image/png;base64," + image + "\"}}],"
                + "\"frames\":[{\"base64\":\"" + image + "\",\"role\":\"after\"}]"));
        recorder.add(step("\"model_input\":\"" + image + "\""));

        assertThat(problems).isEmpty();
        assertThat(((TaskStarted) records(task).get(0)).experimentCase())
                .isEqualTo(new ExperimentCase("nightly", "alarm", 2, Map.of("app_version", "8.1")));
        assertThat(((Step) records(task).get(1)).modelCall())
                .isEqualTo(new ModelCall(
                        Usage.of(12, null, 3),
                        List.of(Map.of("image_url", Map.of("url", Map.of("frame", "after")))),
                        "ok"));
        assertThat(((Step) records(task).get(2)).modelCall().input())
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("omitted", "image");
    }

    @Test
    void invalidExperiment_isOmitted() throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\",\"experiment\":\"100% v2\",\"case_id\":\"alarm\"}")
                .orElseThrow();

        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("field experiment is omitted: experiment: must not contain control characters")
                .endsWith(", but is \"100% v2\"");
        TaskStarted started = (TaskStarted) records(task).get(0);
        assertThat(started.experimentCase()).isEqualTo(new ExperimentCase(null, "alarm", null, Map.of()));
        assertThat(started.unknown()).isEqualTo(Map.of("invalid_fields", List.of("experiment")));
    }

    @Test
    void valuesOverTheMaximumRecordSize_areOmitted_andReported() throws Exception {
        UUID task = started();
        String text = "t".repeat(9_000_000);

        recorder.add(step("\"thinking\":\"" + text + "\",\"error_message\":\"" + text + "e\""));

        assertThat(problems)
                .containsExactly("step 1: its largest values are omitted (invalid_fields), because the record exceeds"
                        + " 16 MiB");
        Step step = (Step) records(task).get(1);
        assertThat(step.errorMessage()).isEqualTo("t".repeat(4_000));
        assertThat(step.unknown()).containsEntry("invalid_fields", List.of("error_message"));
    }

    @Test
    void usageWithOtherNames_isRecorded_andReportedOncePerTask() throws Exception {
        UUID task = started();

        recorder.add(step("\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}"));
        recorder.add(step("\"usage\":{\"prompt_tokens\":12}"));
        recorder.add(step("\"usage\":{\"output_tokens\":3}"));

        assertThat(problems)
                .containsExactly("usage: no tokens are counted, because it has none of input_tokens, cached_tokens and"
                        + " output_tokens");
        assertThat(((Step) records(task).get(1)).modelCall().usage().unknown())
                .isEqualTo(Map.of("prompt_tokens", 12, "completion_tokens", 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"record\":\"step\"|step 1 is lost: the line is not valid JSON",
                "[]|step 1 is lost: the line is not a JSON object",
                "{\"record\":\"sail\"}|step 1 is lost: record: must be task_started, step, losses, task_ended or verdict, but is \"sail\"",
            })
    void invalidLine_isReported_andCountsAsLostStep(String line, String reason) throws Exception {
        UUID task = started();

        assertThat(recorder.add(line)).isEmpty();
        recorder.add(step(""));

        assertThat(problems).singleElement().asString().startsWith(reason);
        assertThat(records(task).get(1))
                .isInstanceOfSatisfying(Losses.class, losses -> assertThat(losses.droppedSteps())
                        .isEqualTo(Map.of("invalid", 1L)));
        assertThat(((Step) records(task).get(2)).stepNumber()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"duration_ms\":-5|duration_ms",
                "\"step_number\":0|step_number",
                "\"timestamp\":\"yesterday\"|timestamp",
                "\"task_id\":\"019B1ED6-CE02-7A41-B1C5-2F8A90D3E671\"|task_id",
                "\"success\":\"yes\"|success",
                "\"x_own\":1e500|x_own"
            })
    void invalidField_isOmitted(String field, String name) throws Exception {
        UUID task = started();

        recorder.add(step(field + ",\"thinking\":\"kept\""));

        assertThat(problems).singleElement().asString().startsWith("field " + name + " is omitted: ");
        Step step = (Step) records(task).get(1);
        assertThat(step.stepNumber()).isEqualTo(1);
        assertThat(step.thinking()).isEqualTo("kept");
        assertThat(step.unknown()).isEqualTo(Map.of("invalid_fields", List.of(name)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"duration_ms\":-5|duration_ms: must be a whole number from 0 to 2147483647, but is -5",
                "\"success\":\"yes\"|success: must be true or false, but is \"yes\"",
                "\"usage\":{\"input_tokens\":\"7\"}|usage.input_tokens: must be a whole number from 0 to 2147483647, but is \"7\"",
                "\"action\":\"Type secret\"|action: must be an object",
                "\"thinking\":{\"a\":1}|thinking: must be a string"
            })
    void invalidField_isReportedWithItsValue_unlessItMayContainWhatTheAgentTyped(String field, String reason)
            throws Exception {
        started();

        recorder.add(step(field));

        assertThat(problems).singleElement().asString().endsWith(" is omitted: " + reason);
    }

    @Test
    void longValue_isTruncatedInTheReport() throws Exception {
        recorder.add("{\"record\":\"task_started\",\"experiment\":\"" + "x".repeat(201) + "\"}");

        assertThat(problems).singleElement().asString().endsWith("but is \"" + "x".repeat(58) + "…");
    }

    @Test
    void overlongText_isOmitted() throws Exception {
        UUID task = started();

        recorder.add(step("\"thinking\":\"" + "x".repeat(20_500_000) + "\",\"error_message\":\"kept\""));

        assertThat(((Step) records(task).get(1)).errorMessage()).isEqualTo("kept");
        assertThat(problems).singleElement().asString().startsWith("field thinking is omitted: ");
    }

    @Test
    void overlongRecord_isCountedAsLost_andNextIsWritten() throws Exception {
        UUID task = started();
        String half = "x".repeat(9 * 1024 * 1024);

        recorder.add(step("\"usage\":{\"x_one\":\"" + half + "\",\"x_two\":\"" + half + "\"}"));
        recorder.add(step(""));

        assertThat(((Losses) records(task).get(1)).droppedSteps()).isEqualTo(Map.of("invalid", 1L));
        assertThat(((Step) records(task).get(2)).stepNumber()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000_001, Integer.MAX_VALUE})
    void tooHighStepNumber_isReported_andTheNextNumberIsUsed(int number) throws Exception {
        UUID task = started();

        recorder.add(step("\"step_number\":" + number));
        recorder.add(step(""));

        assertThat(records(task).subList(1, 3))
                .extracting(record -> ((Step) record).stepNumber())
                .containsExactly(1, 2);
        assertThat(problems)
                .containsExactly(
                        "step_number: must be at most 1000000000, but is " + number + "; the next number is used");
    }

    @Test
    void numbers_arePreserved() throws Exception {
        UUID task = started();
        recorder.add(step("\"x_own\":[0.50,1.0]"));

        assertThat(Files.readString(outbox.folder().resolve(task + "/steps.jsonl")))
                .contains("\"x_own\":[0.50,1.0]");
    }
}
