package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordShortenerTest {
    private static final String LONG = "x".repeat(9_000_000);

    @Test
    void aStepThatCanBeSent_staysAsItIs() {
        Step step = TaskRecords.newTask().step(1, "y".repeat(7_000_000));

        assertThat(RecordShortener.encode(step)).isEqualTo(RecordCodec.encode(step));
    }

    @Test
    void whatIsTooLong_isLeftOut_andNamedWithItsBytes() throws Exception {
        Step cut = shortened(LONG, Map.of("a", LONG), Map.of("b", LONG), LONG);

        assertThat(cut.thinking()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(cut.errorMessage()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(cut.action()).isNull();
        assertThat(cut.actionResult()).isNull();
        Map<?, ?> named = (Map<?, ?>) cut.unknown().get(RecordShortener.SHORTENED_FIELDS);
        assertThat(named.keySet())
                .extracting(String::valueOf)
                .containsExactly("thinking", "error_message", "action_result", "action");
        assertThat(named.get("thinking")).isEqualTo(9_000_000);
        assertThat((int) named.get("action")).isBetween(9_000_000, 9_000_100);
    }

    @Test
    void anActionIsKept_whereWithoutItsResultThereIsRoom() throws Exception {
        Step cut = shortened("thought", Map.of("a", "b"), Map.of("b", LONG), null);

        assertThat(cut.thinking()).isEqualTo("thought");
        assertThat(cut.action()).isEqualTo(Map.of("a", "b"));
        assertThat(cut.actionResult()).isNull();
    }

    @Test
    void aCharacterOfTwoHalves_isNotCutInTwo() throws Exception {
        Step cut = shortened("x" + "📱".repeat(3_000_000), null, null, null);

        assertThat(cut.thinking()).hasSize(RecordShortener.MAX_TEXT - 1).endsWith("📱");
    }

    @Test
    void aStart_losesTheEndOfItsTexts_andThenItsMetadata() throws Exception {
        TaskStarted cut = (TaskStarted) shortened(start(LONG, Map.of("a", "b")));
        assertThat(cut.description()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(cut.metadata()).isEqualTo(Map.of("a", "b"));
        assertThat(cut.unknown()).isEqualTo(Map.of(RecordShortener.SHORTENED_FIELDS, Map.of("description", 9_000_000)));

        TaskStarted bare = (TaskStarted) shortened(start("short", Map.of("a", LONG)));
        assertThat(bare.description()).isEqualTo("short");
        assertThat(bare.metadata()).isEmpty();
        assertThat(bare.unknown().get(RecordShortener.SHORTENED_FIELDS))
                .asInstanceOf(MAP)
                .containsOnlyKeys("metadata");
    }

    @Test
    void anEnd_losesTheEndOfItsMessage_andKeepsWhatItHadLostBefore() throws Exception {
        Map<String, Object> before = Map.of(RecordShortener.SHORTENED_FIELDS, Map.of("x_own", 10_000_000));
        TaskEnded cut = (TaskEnded) shortened(
                new TaskEnded(UuidV7.at(TaskRecords.TIME), TaskRecords.TIME, TaskStatus.FAILED, null, LONG, 7, before));

        assertThat(cut.message()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(cut.lastStepNumber()).isEqualTo(7);
        assertThat(cut.unknown())
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
                Map.of());
    }

    private static Step shortened(
            String thinking, Map<String, Object> action, Map<String, Object> actionResult, String error)
            throws Exception {
        Step bare = TaskRecords.newTask().step(1, thinking);
        return (Step) shortened(new Step(
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
                List.of(),
                List.of(),
                Map.of()));
    }

    private static StepRecord shortened(StepRecord record) throws InvalidRecordException {
        byte[] json = RecordShortener.encode(record);
        assertThat(json.length).isLessThan(PayloadCodec.MAX_BYTES);
        assertThat(RecordCodec.encode(RecordShortener.shorten(record))).isEqualTo(json);
        return RecordCodec.decode(json);
    }
}
