package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordShortenerTest {
    private static final String LONG = "x".repeat(9_000_000);

    @Test
    void encode_smallStep_isUnchanged() {
        Step step = TaskRecords.newTask().step(1, "y".repeat(7_000_000));

        assertThat(RecordShortener.encode(step)).isEqualTo(RecordCodec.encode(step));
    }

    @Test
    void encode_longStep_truncatesTextsAndRemovesObjects_andListsOriginalSizes() throws Exception {
        Step shortened = shorten(LONG, Map.of("a", LONG), Map.of("b", LONG), LONG);

        assertThat(shortened.thinking()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(shortened.errorMessage()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(shortened.action()).isNull();
        assertThat(shortened.actionResult()).isNull();
        Map<?, ?> named = (Map<?, ?>) shortened.unknown().get(RecordShortener.SHORTENED_FIELDS);
        assertThat(named.keySet())
                .extracting(String::valueOf)
                .containsExactly("thinking", "error_message", "action_result", "action");
        assertThat(named.get("thinking")).isEqualTo(9_000_000);
        assertThat((int) named.get("action")).isBetween(9_000_000, 9_000_100);
    }

    @Test
    void encode_longActionResult_keepsAction() throws Exception {
        Step shortened = shorten("thought", Map.of("a", "b"), Map.of("b", LONG), null);

        assertThat(shortened.thinking()).isEqualTo("thought");
        assertThat(shortened.action()).isEqualTo(Map.of("a", "b"));
        assertThat(shortened.actionResult()).isNull();
    }

    @Test
    void encode_longModelCall_losesInputFirst() throws Exception {
        Step step = TaskRecords.newTask().step(1, "thought");
        ModelCall call = new ModelCall(Usage.of(7, null, 3), List.of(Map.of("text", LONG)), "short", List.of());

        Step shortened = (Step) shorten(step.withModelCall(call));

        assertThat(shortened.modelCall()).isEqualTo(call.withInput(null));
        assertThat(shortened.action()).isEqualTo(step.action());
        assertThat(((Step) shorten(step.withModelCall(call.withOutput(LONG)))).modelCall())
                .isEqualTo(ModelCall.ofUsage(Usage.of(7, null, 3)));
    }

    @Test
    void encode_longVerdict_truncatesReason() throws Exception {
        Verdict verdict = new Verdict(
                UuidV7.at(TaskRecords.TIME),
                TaskRecords.TIME,
                Verdict.SUCCESS,
                VerdictValue.Label.FAIL,
                "judge",
                null,
                LONG,
                Map.of());

        assertThat(((Verdict) shorten(verdict)).reason()).hasSize(RecordShortener.MAX_TEXT);
    }

    @Test
    void encode_textWithSurrogatePairs_doesNotSplitPair() throws Exception {
        Step shortened = shorten("x" + "📱".repeat(3_000_000), null, null, null);

        assertThat(shortened.thinking()).hasSize(RecordShortener.MAX_TEXT - 1).endsWith("📱");
    }

    @Test
    void encode_longStart_truncatesTexts_thenRemovesMetadata() throws Exception {
        TaskStarted shortened = (TaskStarted) shorten(start(LONG, Map.of("a", "b")));
        assertThat(shortened.description()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(shortened.metadata()).isEqualTo(Map.of("a", "b"));
        assertThat(shortened.unknown())
                .isEqualTo(Map.of(RecordShortener.SHORTENED_FIELDS, Map.of("description", 9_000_000)));

        TaskStarted bare = (TaskStarted) shorten(start("short", Map.of("a", LONG)));
        assertThat(bare.description()).isEqualTo("short");
        assertThat(bare.metadata()).isEmpty();
        assertThat(bare.unknown().get(RecordShortener.SHORTENED_FIELDS))
                .asInstanceOf(MAP)
                .containsOnlyKeys("metadata");
    }

    @Test
    void encode_longEnd_truncatesMessage_andKeepsEarlierShortenedFields() throws Exception {
        Map<String, Object> before = Map.of(RecordShortener.SHORTENED_FIELDS, Map.of("x_own", 10_000_000));
        TaskEnded shortened = (TaskEnded) shorten(
                new TaskEnded(UuidV7.at(TaskRecords.TIME), TaskRecords.TIME, TaskStatus.FAILED, null, LONG, 7, before));

        assertThat(shortened.message()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(shortened.lastStepNumber()).isEqualTo(7);
        assertThat(shortened.unknown())
                .isEqualTo(Map.of(RecordShortener.SHORTENED_FIELDS, Map.of("message", 9_000_000, "x_own", 10_000_000)));
    }

    private static TaskStarted start(String description, Map<String, Object> metadata) {
        return new TaskStarted(
                UuidV7.at(TaskRecords.TIME),
                TaskRecords.TIME,
                null,
                description,
                null,
                null,
                null,
                null,
                null,
                metadata,
                ExperimentCase.NONE,
                Map.of());
    }

    private static Step shorten(
            String thinking, Map<String, Object> action, Map<String, Object> actionResult, String error)
            throws Exception {
        Step bare = TaskRecords.newTask().step(1, thinking);
        return (Step) shorten(new Step(
                bare.taskId(),
                bare.timestamp(),
                1,
                "action",
                thinking,
                action,
                actionResult,
                null,
                null,
                error,
                Map.of(),
                Map.of(),
                ModelCall.NONE,
                List.of(),
                List.of(),
                Map.of()));
    }

    private static StepRecord shorten(StepRecord record) throws InvalidRecordException {
        byte[] json = RecordShortener.encode(record);
        assertThat(json.length).isLessThan(PayloadCodec.MAX_BYTES);
        assertThat(RecordCodec.encode(RecordShortener.shorten(record))).isEqualTo(json);
        return RecordCodec.decode(json);
    }
}
