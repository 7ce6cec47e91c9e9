package dev.steptrail.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.screenshot.ModelImages;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutoGlmRecordingTest {
    @Test
    void validRecording_isRead() throws Exception {
        AutoGlmRecording recording = SampleRecordings.read(SampleRecordings.valid());

        TaskStarted started = recording.started();
        assertThat(started.name()).isEqualTo("看看杭州今天多少度，要不要带外套");
        assertThat(started.model()).isEqualTo("autoglm-phone");
        assertThat(started.deviceId()).isEqualTo("emulator-5554");
        assertThat(started.timestamp()).isEqualTo("2026-05-15T07:58:31.046590Z");
        assertThat(recording.ended().timestamp()).isEqualTo("2026-05-15T07:59:06.976590Z");
        assertThat(started.metadata())
                .containsOnlyKeys("total_steps", "success_rate", "execution_time")
                .containsEntry("execution_time", new BigDecimal("35.93"));
        assertThat(IntStream.range(0, recording.size()).map(recording::stepNumber))
                .containsExactly(1, 2, 3, 4, 5);
        Step first = recording.step(0, List.of(), new ModelImages());
        assertThat(first.action()).isEqualTo(Map.of("action", "Tap", "element", List.of(617, 634), "_metadata", "do"));
        assertThat(first.thinking()).startsWith("要查杭州的天气");
        assertThat(recording.screenshotPath(0)).isEqualTo("screenshots/step_001.png");
        assertThat(first.success()).isTrue();
        assertThat(first.errorMessage()).isNull();
        assertThat(first.unknown()).isEmpty();
    }

    @Test
    void unknownFields_areKept() throws Exception {
        AutoGlmRecording recording = SampleRecordings.read(SampleRecordings.with(root -> {
            ((ObjectNode) root.get("metadata")).put("lab", "north");
            ((ObjectNode) root.withArray("steps").get(0)).put("battery", 0.5).put("action_type", "Other");
        }));

        assertThat(recording.started().metadata()).containsEntry("lab", "north");
        assertThat(recording.step(0, List.of(), new ModelImages()).unknown())
                .isEqualTo(Map.of("battery", new BigDecimal("0.5"), "action_type", "Other"));
    }

    @Test
    void byteOrderMark_isSkipped() throws Exception {
        byte[] good = SampleRecordings.valid();
        byte[] marked = new byte[good.length + 3];
        System.arraycopy(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, 0, marked, 0, 3);
        System.arraycopy(good, 0, marked, 3, good.length);

        assertThat(SampleRecordings.read(marked).size()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 700, 2000})
    void truncatedRecording_isReportedWithPosition(int length) {
        assertThatThrownBy(() -> SampleRecordings.read(Arrays.copyOf(SampleRecordings.valid(), length)))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .matches("is not valid JSON, or is truncated \\(line \\d+, column \\d+\\)|is not UTF-8");
    }

    @Test
    void invalidJson_isReportedWithPosition() {
        assertThatThrownBy(() -> SampleRecordings.read(SampleRecordings.text("step,action\n1,Tap\n")))
                .hasMessage("is not valid JSON, or is truncated (line 1, column 1)");
        assertThatThrownBy(() -> SampleRecordings.read(SampleRecordings.text("{} {}")))
                .hasMessageStartingWith("is not valid JSON, or is truncated");
    }

    @Test
    void recordingOverParserLimits_isReported() {
        for (String vast : List.of("[".repeat(1001), "9".repeat(10_001))) {
            assertThatThrownBy(() -> SampleRecordings.read(SampleRecordings.text("{\"metadata\":" + vast)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("is JSON that exceeds a limit of the parser: ");
        }
    }

    @Test
    void trailingZeros_areKept() throws Exception {
        String numbers = "[100.0,1.50,1E+2,0.10]";
        String json = new String(SampleRecordings.valid(), UTF_8).replaceFirst("\\[\\s*617,\\s*634\\s*]", numbers);

        byte[] record = RecordCodec.encode(
                SampleRecordings.read(SampleRecordings.text(json)).step(0, List.of(), new ModelImages()));
        assertThat(new String(record, UTF_8)).contains("[100.0,1.50,100,0.10]");
        assertThat(RecordCodec.encode(RecordCodec.decode(record))).isEqualTo(record);
    }

    @Test
    void invalidUtf8_isReported() {
        byte[] latin = "{\"metadata\":{\"task_name\":\"caf\u00e9\"},\"steps\":[]}"
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> SampleRecordings.read(latin)).hasMessage("is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "null", "{}", "{\"metadata\":{}}", "{\"metadata\":[],\"steps\":[]}"})
    void jsonOfOtherStructure_isReported(String json) {
        assertThatThrownBy(() -> SampleRecordings.read(SampleRecordings.text(json)))
                .hasMessage("is not a recording of Open-AutoGLM (expected an object \"metadata\" and an array"
                        + " \"steps\")");
    }

    static Stream<Arguments> badSteps() {
        return Stream.of(
                bad("step_number: is missing", step -> step.remove("step_number")),
                bad("step_number: must be a whole number from 1 to 2147483647", step -> step.put("step_number", 0)),
                bad("step_number: must be a whole number from 1 to 2147483647", step -> step.put("step_number", "1")),
                bad("step_number: must be a whole number from 1 to 2147483647", step -> step.put("step_number", 1.5)),
                bad("timestamp: is missing", step -> step.remove("timestamp")),
                bad("timestamp: is missing", step -> step.putNull("timestamp")),
                bad("timestamp: must be a string", step -> step.put("timestamp", 1765748518)),
                bad(
                        "timestamp: must be an ISO 8601 time, such as 2025-12-14T21:41:58.018843",
                        step -> step.put("timestamp", "yesterday")),
                bad(
                        "timestamp: must be in the years 1970 to 9998",
                        step -> step.put("timestamp", "+999999999-01-01T00:00:00")),
                bad("action_data: must be an object", step -> step.put("action_data", "Tap")),
                bad("success: must be true or false", step -> step.put("success", "yes")),
                bad("thinking: must be a string", step -> step.put("thinking", 7)));
    }

    private static Arguments bad(String message, Consumer<ObjectNode> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badSteps")
    void invalidStep_isReportedByIndexAndField(String message, Consumer<ObjectNode> change) {
        assertThatThrownBy(() -> SampleRecordings.read(SampleRecordings.withStep(change)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("steps[0]: " + message);
    }

    @Test
    void duplicateStepNumber_isReported() {
        assertThatThrownBy(() -> SampleRecordings.read(SampleRecordings.withStep(step -> step.put("step_number", 2))))
                .hasMessage("steps[1]: step_number: 2 is not unique");
    }

    @Test
    void missingTime_isReported() {
        assertThatThrownBy(() ->
                        SampleRecordings.read(SampleRecordings.withMetadata(metadata -> metadata.remove("created_at"))))
                .hasMessage("metadata: created_at: is missing");
    }

    @Property(tries = 500)
    void corruptedRecording_isReadOrRejectedInOneLine(
            @ForAll @IntRange(max = 4000) int at, @ForAll byte value, @ForAll @IntRange(max = 20) int cut) {
        byte[] spoilt = SampleRecordings.valid();
        spoilt[at % spoilt.length] = value;
        byte[] cutToo = Arrays.copyOf(spoilt, spoilt.length - cut);
        try {
            SampleRecordings.read(cutToo);
        } catch (InvalidInputException e) {
            assertThat(e.getMessage().lines()).hasSize(1);
        }
    }
}
