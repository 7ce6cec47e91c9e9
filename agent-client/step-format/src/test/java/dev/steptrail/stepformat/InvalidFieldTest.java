package dev.steptrail.stepformat;

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
    private static final String STRING = "must be a string";
    private static final String OBJECT = "must be an object";
    private static final String POSITIVE = "must be a whole number from 1 to 2147483647";
    private static final String NOT_NEGATIVE = "must be a whole number from 0 to 2147483647";
    private static final String UUID = "must be a UUID in lower case, such as 0190163d-8694-739b-aea5-966c26f8ad91";
    private static final String TIME =
            "must be an ISO 8601 time with a UTC offset, such as 2025-12-14T21:41:58.018Z, in the years 1 to 9999";
    private static final String EXPERIMENT =
            "must not contain control characters, \\ or %," + " or a part between slashes that is empty, . or ..";

    @ParameterizedTest(name = "{2}: {1}")
    @MethodSource("fields")
    void decode_invalidField_namesFieldAndRule(String record, String field, String message) {
        assertThat(decodeError(record.substring(0, record.length() - 1) + "," + field + "}"))
                .isEqualTo(message);
    }

    static Stream<Arguments> fields() {
        String started = record("'record':'task_started'");
        String losses = record("'record':'losses'");
        String verdict = record("'record':'verdict','value':'pass','evaluator':'judge'");
        String ended = record("'record':'task_ended','status':'failed'");
        String frame = "'role':'before','file':'frames/1.png'";
        String screenshot = "'role':'after','screenshot_path':'a','file_hash':'b','file_size':1,'original_size':1,"
                + "'width':1,'height':1,'format':'webp'";
        String region = "{'x':0,'y':0,'width':0,'height':1}";
        return Stream.of(
                        invalid(STEP, "v", "is missing", "null"),
                        invalid(STEP, "v", "must be 1, the only supported version", "2", "'1'"),
                        invalid(STEP, "record", "is missing", "null"),
                        invalid(STEP, "record", STRING, "1"),
                        invalid(STEP, "record", "must be task_started, step, losses, task_ended or verdict", "'note'"),
                        invalid(STEP, "task_id", "is missing", "null"),
                        invalid(STEP, "task_id", STRING, "7"),
                        invalid(STEP, "task_id", UUID, "'0190163D-8694-739B-AEA5-966C26F8AD91'", "'1-1-1-1-1'"),
                        invalid(STEP, "timestamp", "is missing", "null"),
                        invalid(STEP, "timestamp", STRING, "1765748518"),
                        invalid(STEP, "timestamp", TIME, "'2025-12-14T21:41:58'", "'2025-02-30T21:41:58Z'"),
                        invalid(STEP, "timestamp", TIME, "'2016-12-31T23:59:60Z'", "'0000-12-14T21:41:58Z'"),
                        invalid(STEP, "timestamp", TIME, "'0001-01-01T00:00:00+08:00'", "'+12025-12-14T21:41:58Z'"),
                        invalid(STEP, "timestamp", TIME, "'9999-12-31T23:59:59-08:00'"),
                        invalid(STEP, "step_number", "is missing", "null"),
                        invalid(STEP, "step_number", POSITIVE, "0", "2147483648", "18446744073709551617", "1e300"),
                        invalid(STEP, "step_number", POSITIVE, "1.5", "'1'", "true"),
                        invalid(STEP, "step_type", "is missing", "null"),
                        invalid(STEP, "step_type", "must have 1 to 100 characters", "''", text(101)),
                        invalid(STEP, "thinking", STRING, "{}"),
                        invalid(STEP, "action", OBJECT, "'Tap'"),
                        invalid(STEP, "action_result", OBJECT, "[]"),
                        invalid(STEP, "duration_ms", NOT_NEGATIVE, "-1", "2147483648", "'12'"),
                        invalid(STEP, "success", "must be true or false", "'yes'", "1"),
                        invalid(STEP, "error_message", STRING, "false"),
                        invalid(STEP, "timings", OBJECT, "1"),
                        invalid(STEP, "resources", OBJECT, "'a lot'"),
                        invalid(STEP, "frames", "must be an array", "{}"),
                        invalid(STEP, "frames", "[0]: must be an object", "[null]"),
                        invalid(STEP, "frames", "[0].role: is missing", "[{}]"),
                        invalid(STEP, "frames", "[0].role: must be one of before, after, other", "[{'role':'during'}]"),
                        invalid(STEP, "frames", "[0].file: is missing", "[{'role':'before'}]"),
                        invalid(
                                STEP,
                                "frames",
                                "[0].file: " + Frame.FILE_RULE,
                                "[{'role':'before','file':'/etc/passwd'}]"),
                        invalid(
                                STEP,
                                "frames",
                                "[1].file: " + Frame.FILE_RULE,
                                "[{" + frame + "},{'role':'before','file':'frames/../../.ssh/id_rsa'}]"),
                        invalid(STEP, "frames", "[0].width: " + POSITIVE, "[{" + frame + ",'width':0}]"),
                        invalid(STEP, "frames", "[0].captured_at: " + TIME, "[{" + frame + ",'captured_at':'noon'}]"),
                        invalid(
                                STEP,
                                "frames",
                                "[0].redacted_regions[0].y: is missing",
                                "[{" + frame + ",'redacted_regions':[{'x':0}]}]"),
                        invalid(
                                STEP,
                                "frames",
                                "[0].sensitive: must be true or false",
                                "[{" + frame + ",'sensitive':'no'}]"),
                        invalid(STEP, "screenshots", "[0].screenshot_path: is missing", "[{'role':'after'}]"),
                        invalid(
                                STEP,
                                "screenshots",
                                "[0].file_size: must be a whole number of 0 or more",
                                "[{" + screenshot + ",'file_size':-1}]"),
                        invalid(
                                STEP,
                                "screenshots",
                                "[0].redacted_regions[0].width: " + POSITIVE,
                                "[{" + screenshot + ",'redacted_regions':[" + region + "]}]"),
                        invalid(STEP, "usage", OBJECT, "7"),
                        invalid(STEP, "usage", ".input_tokens: " + NOT_NEGATIVE, "{'input_tokens':-1}"),
                        invalid(STEP, "attachments", "must be an array", "{}"),
                        invalid(
                                STEP,
                                "attachments",
                                "[0].field: must be one of action, action_result, agent, attributes, description,"
                                        + " device_id, error_message, message, metadata, model, model_input,"
                                        + " model_output, name, other_fields, resources, thinking, timings",
                                "[" + attachment("usage", "attachments/s/t/f") + "]"),
                        invalid(
                                STEP,
                                "attachments",
                                "[0].path: " + Attachment.PATH_RULE,
                                "[" + attachment("model_input", "screenshots/s/t/f") + "]",
                                "[" + attachment("model_input", "attachments/s/../f") + "]"),
                        invalid(
                                STEP,
                                "attachments",
                                "must not have two elements with the same field",
                                "[" + attachment("model_input", "attachments/s/t/1") + ","
                                        + attachment("model_input", "attachments/s/t/2") + "]"),
                        invalid(started, "name", STRING, "1"),
                        invalid(started, "description", STRING, "[]"),
                        invalid(started, "previous_task_id", UUID, "'the last one'"),
                        invalid(started, "metadata", OBJECT, "'none'"),
                        invalid(started, "experiment", "must have 1 to 200 characters", "''"),
                        invalid(started, "experiment", EXPERIMENT, "'100% v2'", "'a\\\\b'", "'a\\tb'", "'a\\u001bb'"),
                        invalid(
                                started,
                                "experiment",
                                EXPERIMENT,
                                "'a\\n'",
                                "'a//b'",
                                "'/a'",
                                "'a/'",
                                "'..'",
                                "'a/./b'"),
                        invalid(started, "case_id", "must have 1 to 200 characters", text(201)),
                        invalid(started, "repeat", NOT_NEGATIVE, "-1"),
                        invalid(started, "attributes", OBJECT, "[]"),
                        invalid(verdict, "name", "must have 1 to 100 characters", "''"),
                        invalid(verdict, "name", WhiteSpace.RULE, "'  '", "'speed\\n'", "'\u3000speed'"),
                        invalid(verdict, "value", "is missing", "null"),
                        invalid(verdict, "value", Verdict.VALUE_RULE, "'passed'", "true"),
                        invalid(verdict, "value", "must be pass, fail or unclear for the name success", "1"),
                        invalid(verdict, "value", "must be a finite number", "1e350,'name':'speed'"),
                        invalid(verdict, "evaluator", "is missing", "null"),
                        invalid(verdict, "evaluator", "must have 1 to 200 characters", text(201)),
                        invalid(verdict, "evaluator_version", STRING, "2"),
                        invalid(verdict, "reason", STRING, "{}"),
                        invalid(losses, "dropped_steps", OBJECT, "3"),
                        invalid(losses, "dropped_steps", "each count " + POSITIVE, "{'queue_full':0}"),
                        invalid(losses, "dropped_screenshots", "each count " + POSITIVE, "{'queue_full':'3'}"),
                        invalid(ended, "status", "is missing", "null"),
                        invalid(ended, "status", "must be one of succeeded, failed, cancelled, abandoned", "'done'"),
                        invalid(
                                ended,
                                "end_reason",
                                "must be one of finished, ended_without_finish, unparseable_reply, max_steps,"
                                        + " model_error, abandoned, cancelled",
                                "'well'"),
                        invalid(ended, "last_step_number", NOT_NEGATIVE, "-1"))
                .flatMap(rows -> rows);
    }

    /**
     * @param rule the end of the message, after the name and a colon, or after a path in the field
     * @param values as JSON, with single quotes
     */
    private static Stream<Arguments> invalid(String record, String name, String rule, String... values) {
        String message = name + (rule.matches("[\\[.].*") ? "" : ": ") + rule;
        return Stream.of(values)
                .map(value -> arguments(record, ("'" + name + "':" + value).replace('\'', '"'), message));
    }

    private static String record(String fields) {
        return "{" + HEAD + fields.replace('\'', '"') + "}";
    }

    private static String text(int length) {
        return "'" + "x".repeat(length) + "'";
    }

    private static String attachment(String field, String path) {
        return "{'field':'%s','path':'%s','file_hash':'%s','file_size':1,'original_size':1}"
                .formatted(field, path, "0".repeat(64));
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
