package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskRecords;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShortenedStepTest {
    private static final String LONG = "x".repeat(9_000_000);

    @Test
    void aStepThatCanBeSent_staysAsItIs() {
        Step step = TaskRecords.newTask().step(1, "y".repeat(7_000_000));

        assertThat(ShortenedStep.json(step)).isEqualTo(RecordCodec.encode(step));
    }

    @Test
    void whatIsTooLong_isLeftOut_andNamedWithItsBytes() throws Exception {
        Step cut = shortened(LONG, Map.of("a", LONG), Map.of("b", LONG), LONG);

        assertThat(cut.thinking()).hasSize(ShortenedStep.MAX_TEXT);
        assertThat(cut.errorMessage()).hasSize(ShortenedStep.MAX_TEXT);
        assertThat(cut.action()).isNull();
        assertThat(cut.actionResult()).isNull();
        Map<?, ?> named = (Map<?, ?>) cut.unknown().get(ShortenedStep.MARK);
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

        assertThat(cut.thinking()).hasSize(ShortenedStep.MAX_TEXT - 1).endsWith("📱");
    }

    private static Step shortened(
            String thinking, Map<String, Object> action, Map<String, Object> actionResult, String error)
            throws Exception {
        Step bare = TaskRecords.newTask().step(1, thinking);
        byte[] json = ShortenedStep.json(new Step(
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
        assertThat(json.length).isLessThan(PayloadCodec.MAX_BYTES);
        return (Step) RecordCodec.decode(json);
    }
}
