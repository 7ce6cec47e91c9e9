package dev.steptrail.stepformat;

import static dev.steptrail.stepformat.DecodeErrors.DIGITS_RULE;
import static dev.steptrail.stepformat.DecodeErrors.HEAD;
import static dev.steptrail.stepformat.DecodeErrors.STEP;
import static dev.steptrail.stepformat.DecodeErrors.decode;
import static dev.steptrail.stepformat.DecodeErrors.decodeError;
import static dev.steptrail.stepformat.DecodeErrors.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The error message for each kind of invalid field. */
class InvalidFieldTest {
    private static final String UUID_RULE =
            "must be a UUID in lower case, such as 0190163d-8694-739b-aea5-966c26f8ad91";

    private static final String TIME_RULE =
            "must be an ISO 8601 time with a UTC offset, such as 2025-12-14T21:41:58.018Z, in the years 1 to 9999";

    private static final String EXPERIMENT_RULE = "experiment: must not contain control characters, \\ or %,"
            + " or a part between slashes that is empty, . or ..";

    private static final String NUMBER_RULE = "step_number: must be a whole number from 1 to 2147483647";
    private static final String DURATION_RULE = "duration_ms: must be a whole number from 0 to 2147483647";

    @ParameterizedTest(name = "{2}: {1}")
    @MethodSource("fields")
    void decode_invalidField_namesFieldAndRule(String record, String field, String message) {
        String json = record.startsWith("{") ? record : "{" + HEAD + record + "}";
        String bad = json.substring(0, json.length() - 1) + (field.isEmpty() ? "}" : "," + field + "}");

        assertThat(decodeError(bad)).isEqualTo(message);
    }

    static Stream<Arguments> fields() {
        String started = "\"record\":\"task_started\"";
        String losses = "\"record\":\"losses\"";
        String verdict = "\"record\":\"verdict\",\"value\":\"pass\",\"evaluator\":\"judge\"";
        String ended = "\"record\":\"task_ended\",\"status\":\"failed\"";
        return Stream.of(
                arguments(STEP, "\"v\":null", "v: is missing"),
                arguments(STEP, "\"v\":2", "v: must be 1, the only supported version"),
                arguments(STEP, "\"v\":\"1\"", "v: must be 1, the only supported version"),
                arguments(STEP, "\"record\":null", "record: is missing"),
                arguments(STEP, "\"record\":1", "record: must be a string"),
                arguments(
                        STEP,
                        "\"record\":\"note\"",
                        "record: must be task_started, step, losses, task_ended or verdict"),
                arguments(STEP, "\"task_id\":null", "task_id: is missing"),
                arguments(STEP, "\"task_id\":7", "task_id: must be a string"),
                arguments(STEP, "\"task_id\":\"0190163D-8694-739B-AEA5-966C26F8AD91\"", "task_id: " + UUID_RULE),
                arguments(STEP, "\"task_id\":\"1-1-1-1-1\"", "task_id: " + UUID_RULE),
                arguments(STEP, "\"timestamp\":null", "timestamp: is missing"),
                arguments(STEP, "\"timestamp\":1765748518", "timestamp: must be a string"),
                arguments(STEP, "\"timestamp\":\"2025-12-14T21:41:58\"", "timestamp: " + TIME_RULE),
                arguments(STEP, "\"timestamp\":\"2025-02-30T21:41:58Z\"", "timestamp: " + TIME_RULE),
                arguments(STEP, "\"timestamp\":\"2016-12-31T23:59:60Z\"", "timestamp: " + TIME_RULE),
                arguments(STEP, "\"timestamp\":\"0000-12-14T21:41:58Z\"", "timestamp: " + TIME_RULE),
                arguments(STEP, "\"timestamp\":\"0001-01-01T00:00:00+08:00\"", "timestamp: " + TIME_RULE),
                arguments(STEP, "\"timestamp\":\"9999-12-31T23:59:59-08:00\"", "timestamp: " + TIME_RULE),
                arguments(STEP, "\"timestamp\":\"+12025-12-14T21:41:58Z\"", "timestamp: " + TIME_RULE),
                arguments(STEP, "\"step_number\":null", "step_number: is missing"),
                arguments(STEP, "\"step_number\":0", NUMBER_RULE),
                arguments(STEP, "\"step_number\":2147483648", NUMBER_RULE),
                arguments(STEP, "\"step_number\":18446744073709551617", NUMBER_RULE),
                arguments(STEP, "\"step_number\":1.5", NUMBER_RULE),
                arguments(STEP, "\"step_number\":\"1\"", NUMBER_RULE),
                arguments(STEP, "\"step_number\":true", NUMBER_RULE),
                arguments(STEP, "\"step_number\":1e300", NUMBER_RULE),
                arguments(STEP, "\"step_number\":1e999999999", DIGITS_RULE),
                arguments(STEP, "\"step_type\":null", "step_type: is missing"),
                arguments(STEP, "\"step_type\":\"\"", "step_type: must have 1 to 100 characters"),
                arguments(
                        STEP, "\"step_type\":\"" + "x".repeat(101) + "\"", "step_type: must have 1 to 100 characters"),
                arguments(STEP, "\"thinking\":{}", "thinking: must be a string"),
                arguments(STEP, "\"action\":\"Tap\"", "action: must be an object"),
                arguments(STEP, "\"action_result\":[]", "action_result: must be an object"),
                arguments(STEP, "\"duration_ms\":-1", DURATION_RULE),
                arguments(STEP, "\"duration_ms\":2147483648", DURATION_RULE),
                arguments(STEP, "\"duration_ms\":\"12\"", DURATION_RULE),
                arguments(STEP, "\"success\":\"yes\"", "success: must be true or false"),
                arguments(STEP, "\"success\":1", "success: must be true or false"),
                arguments(STEP, "\"error_message\":false", "error_message: must be a string"),
                arguments(STEP, "\"timings\":1", "timings: must be an object"),
                arguments(STEP, "\"resources\":\"a lot\"", "resources: must be an object"),
                arguments(STEP, "\"frames\":{}", "frames: must be an array"),
                arguments(STEP, "\"frames\":[null]", "frames[0]: must be an object"),
                arguments(STEP, "\"frames\":[{}]", "frames[0].role: is missing"),
                arguments(
                        STEP,
                        "\"frames\":[{\"role\":\"during\"}]",
                        "frames[0].role: must be one of before, after, other"),
                arguments(STEP, "\"frames\":[{\"role\":\"before\"}]", "frames[0].file: is missing"),
                arguments(
                        STEP,
                        "\"frames\":[" + frame("frames/1.png", "") + "," + frame("frames/../../.ssh/id_rsa", "") + "]",
                        "frames[1].file: " + Frame.FILE_RULE),
                arguments(STEP, "\"frames\":[" + frame("/etc/passwd", "") + "]", "frames[0].file: " + Frame.FILE_RULE),
                frameWith("\"width\":0", "width: must be a whole number from 1 to 2147483647"),
                frameWith("\"captured_at\":\"noon\"", "captured_at: " + TIME_RULE),
                frameWith("\"redacted_regions\":[{\"x\":0}]", "redacted_regions[0].y: is missing"),
                frameWith("\"sensitive\":\"no\"", "sensitive: must be true or false"),
                arguments(STEP, "\"screenshots\":[{\"role\":\"after\"}]", "screenshots[0].screenshot_path: is missing"),
                arguments(
                        STEP,
                        screenshot("\"file_size\":-1"),
                        "screenshots[0].file_size: must be a whole number of 0 or more"),
                arguments(
                        STEP,
                        screenshot("\"redacted_regions\":[{\"x\":0,\"y\":0,\"width\":0,\"height\":1}]"),
                        "screenshots[0].redacted_regions[0].width: must be a whole number from 1 to 2147483647"),
                arguments(started, "\"name\":1", "name: must be a string"),
                arguments(started, "\"description\":[]", "description: must be a string"),
                arguments(started, "\"previous_task_id\":\"the last one\"", "previous_task_id: " + UUID_RULE),
                arguments(started, "\"metadata\":\"none\"", "metadata: must be an object"),
                arguments(started, "\"experiment\":\"\"", "experiment: must have 1 to 200 characters"),
                arguments(started, "\"experiment\":\"100% v2\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"a\\\\b\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"a\\tb\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"a\\u001bb\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"a\\n\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"a//b\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"/a\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"a/\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"..\"", EXPERIMENT_RULE),
                arguments(started, "\"experiment\":\"a/./b\"", EXPERIMENT_RULE),
                arguments(started, "\"case_id\":" + text(201), "case_id: must have 1 to 200 characters"),
                arguments(started, "\"repeat\":-1", "repeat: must be a whole number from 0 to 2147483647"),
                arguments(started, "\"attributes\":[]", "attributes: must be an object"),
                arguments(STEP, "\"usage\":7", "usage: must be an object"),
                arguments(
                        STEP,
                        "\"usage\":{\"input_tokens\":-1}",
                        "usage.input_tokens: must be a whole number from 0 to 2147483647"),
                arguments(STEP, "\"attachments\":{}", "attachments: must be an array"),
                arguments(
                        STEP,
                        attachment("usage", "attachments/s/t/f"),
                        "attachments[0].field: must be one of action, action_result, agent, attributes, description, device_id,"
                                + " error_message, message, metadata, model, model_input, model_output, name, other_fields,"
                                + " resources, thinking, timings"),
                arguments(
                        STEP,
                        attachment("model_input", "screenshots/s/t/f"),
                        "attachments[0].path: " + Attachment.PATH_RULE),
                arguments(
                        STEP,
                        attachment("model_input", "attachments/s/../f"),
                        "attachments[0].path: " + Attachment.PATH_RULE),
                arguments(
                        STEP,
                        attachments("model_input", "model_input"),
                        "attachments: must not have two elements with the same field"),
                arguments(verdict, "\"name\":\"\"", "name: must have 1 to 100 characters"),
                arguments(verdict, "\"name\":\"  \"", "name: " + WhiteSpace.RULE),
                arguments(verdict, "\"name\":\"speed\\n\"", "name: " + WhiteSpace.RULE),
                arguments(verdict, "\"name\":\"\u3000speed\"", "name: " + WhiteSpace.RULE),
                arguments(verdict, "\"value\":null", "value: is missing"),
                arguments(verdict, "\"value\":\"passed\"", "value: " + Verdict.VALUE_RULE),
                arguments(verdict, "\"value\":true", "value: " + Verdict.VALUE_RULE),
                arguments(verdict, "\"value\":1", "value: must be pass, fail or unclear for the name success"),
                arguments(verdict, "\"name\":\"speed\",\"value\":1e350", "value: must be a finite number"),
                arguments(verdict, "\"evaluator\":null", "evaluator: is missing"),
                arguments(verdict, "\"evaluator\":" + text(201), "evaluator: must have 1 to 200 characters"),
                arguments(verdict, "\"evaluator_version\":2", "evaluator_version: must be a string"),
                arguments(verdict, "\"reason\":{}", "reason: must be a string"),
                arguments(losses, "\"dropped_steps\":3", "dropped_steps: must be an object"),
                arguments(
                        losses,
                        "\"dropped_steps\":{\"queue_full\":0}",
                        "dropped_steps: each count must be a whole number from 1 to 2147483647"),
                arguments(
                        losses,
                        "\"dropped_screenshots\":{\"queue_full\":\"3\"}",
                        "dropped_screenshots: each count must be a whole number from 1 to 2147483647"),
                arguments(ended, "\"status\":null", "status: is missing"),
                arguments(
                        ended, "\"status\":\"done\"", "status: must be one of succeeded, failed, cancelled, abandoned"),
                arguments(
                        ended,
                        "\"end_reason\":\"well\"",
                        "end_reason: must be one of finished, ended_without_finish, unparseable_reply, max_steps, model_error,"
                                + " abandoned, cancelled"),
                arguments(
                        ended,
                        "\"last_step_number\":-1",
                        "last_step_number: must be a whole number from 0 to 2147483647"));
    }

    /** Returns arguments with a step whose only frame contains {@code field} in addition to valid fields. */
    private static String text(int length) {
        return '"' + "x".repeat(length) + '"';
    }

    private static String attachment(String field, String path) {
        return "\"attachments\":[" + element(field, path) + "]";
    }

    private static String attachments(String field, String otherField) {
        return "\"attachments\":[" + element(field, "attachments/s/t/1") + ","
                + element(otherField, "attachments/s/t/2") + "]";
    }

    private static String element(String field, String path) {
        return "{\"field\":\"%s\",\"path\":\"%s\",\"file_hash\":\"%s\",\"file_size\":1,\"original_size\":1}"
                .formatted(field, path, "0".repeat(64));
    }

    private static Arguments frameWith(String field, String message) {
        return arguments(STEP, "\"frames\":[" + frame("frames/1.png", "," + field) + "]", "frames[0]." + message);
    }

    private static String frame(String file, String more) {
        return "{\"role\":\"before\",\"file\":\"" + file + "\"" + more + "}";
    }

    private static String screenshot(String changed) {
        return "\"screenshots\":[{\"role\":\"after\",\"screenshot_path\":\"a\",\"file_hash\":\"b\",\"file_size\":1,"
                + "\"original_size\":1,\"width\":1,\"height\":1,\"format\":\"webp\"," + changed + "}]";
    }

    @Test
    void decode_duplicateField_usesLastValue() throws InvalidRecordException {
        Step step = (Step) decode(with("\"step_number\":1,\"step_number\":2,\"x\":1,\"x\":[2]"));

        assertThat(step.stepNumber()).isEqualTo(2);
        assertThat(step.unknown().get("x")).isEqualTo(java.util.List.of(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nightly/1", ".a/b..", "a/...", "v 2?#&+;", "实验 📷/\u2028"})
    void decode_experimentName_isValid(String name) throws InvalidRecordException {
        TaskStarted started =
                (TaskStarted) decode("{" + HEAD + "\"record\":\"task_started\",\"experiment\":\"" + name + "\"}");

        assertThat(started.experimentCase().experiment()).isEqualTo(name);
    }

    @Test
    void decode_nullField_isTreatedAsAbsent() throws InvalidRecordException {
        assertThat(decode(with("\"thinking\":null,\"action\":null,\"frames\":null,\"duration_ms\":null")))
                .isEqualTo(decode(STEP));
    }
}
