package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RecordRoundTripTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");
    private static final Instant TIME = Instant.parse("2025-12-14T21:41:58.018Z");

    @Property(tries = 1000)
    void anyRecord_isEncodedInOneLineThatMatchesTheSchema_andDecodedWithoutLoss(@ForAll("records") StepRecord record)
            throws Exception {
        byte[] json = RecordCodec.encode(record);

        assertThat(json).doesNotContain('\n', '\r');
        assertThat(RecordSchema.errors(json)).isEmpty();
        assertThat(RecordCodec.decode(json)).isEqualTo(record);
    }

    @Property(tries = 300)
    void encode_unstorableText_isReplacedAndCounted(
            @ForAll("unstorableTexts") String thinking, @ForAll("unstorableTexts") String nested) throws Exception {
        Step step = step(thinking, Map.of("k" + nested, List.of(nested)));

        Step decoded = (Step) RecordCodec.decode(RecordCodec.encode(step));

        long replaced = unstorable(thinking) + 2 * unstorable(nested);
        assertThat(decoded.thinking()).isEqualTo(storable(thinking));
        assertThat(decoded.action()).isEqualTo(Map.of("k" + storable(nested), List.of(storable(nested))));
        assertThat(decoded.unknown())
                .isEqualTo(replaced == 0 ? Map.of() : Map.of("replaced_characters", (int) replaced));
        assertThat(RecordCodec.decode(RecordCodec.encode(decoded))).isEqualTo(decoded);
    }

    @Property(tries = 300)
    void decode_escapedUnstorableText_isReplacedAndCounted(@ForAll("unstorableTexts") String text) throws Exception {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
        String json =
                new String(RecordCodec.encode(step("HERE", null)), StandardCharsets.UTF_8).replace("HERE", escaped);

        Step decoded = (Step) RecordCodec.decode(json.getBytes(StandardCharsets.UTF_8));

        assertThat(decoded.thinking()).isEqualTo(storable(text));
        assertThat(decoded.unknown().getOrDefault("replaced_characters", 0)).isEqualTo((int) unstorable(text));
    }

    @Test
    void encode_existingReplacedCharacters_addsToCount() throws Exception {
        Step step = step("\0", null, Map.of("replaced_characters", 2));

        assertThat(RecordCodec.decode(RecordCodec.encode(step)).unknown()).isEqualTo(Map.of("replaced_characters", 3));
    }

    @Test
    void encode_step_writesFieldsInDocumentedOrder() {
        assertThat(new String(RecordCodec.encode(step("I see", Map.of("action", "Tap"))), StandardCharsets.UTF_8))
                .isEqualTo("{\"v\":1,\"record\":\"step\",\"task_id\":\"0190163d-8694-739b-aea5-966c26f8ad91\","
                        + "\"timestamp\":\"2025-12-14T21:41:58.018Z\",\"step_number\":1,\"step_type\":\"action\","
                        + "\"thinking\":\"I see\",\"action\":{\"action\":\"Tap\"}}");
    }

    @Test
    void withScreenshots_replacesFrames_andKeepsTheRest() {
        Frame frame = new Frame(FrameRole.BEFORE, "frames/1-before.png", 1080, 2400, true, List.of(), null, Map.of());
        Screenshot shipped = new Screenshot(
                FrameRole.BEFORE,
                "screenshots/a/b.webp",
                "ab",
                1,
                2,
                1080,
                2400,
                "webp",
                true,
                true,
                List.of(),
                null,
                null,
                null,
                Map.of());
        Step recorded = new TaskRecords(TASK).step(1, "t", Map.of("x", 1), frame);

        Step step = recorded.withScreenshots(List.of(shipped), List.of());

        assertThat(step.frames()).isEmpty();
        assertThat(step.screenshots()).containsExactly(shipped);
        assertThat(step)
                .usingRecursiveComparison()
                .ignoringFields("frames", "screenshots")
                .isEqualTo(recorded);
    }

    @Test
    void withScreenshots_appendsToRecordedLostScreenshots() {
        Map<String, Object> recorded = Map.of("role", "after", "reason", "no file");
        Map<String, Object> lost = Map.of("role", "before", "reason", "not an image");

        assertThat(lostAfter(null, lost)).isEqualTo(List.of(lost));
        assertThat(lostAfter(List.of(recorded), lost)).isEqualTo(List.of(recorded, lost));
        assertThat(lostAfter("one", lost)).as("not a list").isEqualTo(List.of("one", lost));
        assertThat(step("t", Map.of(), Map.of("lost_screenshots", List.of(recorded)))
                        .withScreenshots(List.of(), List.of())
                        .unknown())
                .isEqualTo(Map.of("lost_screenshots", List.of(recorded)));
    }

    private static Object lostAfter(Object recorded, Map<String, Object> lost) {
        Map<String, Object> unknown = recorded == null ? Map.of() : Map.of("lost_screenshots", recorded);
        return step("t", Map.of(), unknown)
                .withScreenshots(List.of(), List.of(lost))
                .unknown()
                .get("lost_screenshots");
    }

    private static Step step(String thinking, Map<String, Object> action) {
        return step(thinking, action, Map.of());
    }

    private static Step step(String thinking, Map<String, Object> action, Map<String, Object> unknown) {
        return new Step(
                TASK,
                TIME,
                1,
                "action",
                thinking,
                action,
                null,
                null,
                null,
                null,
                Map.of(),
                Map.of(),
                ModelCall.NONE,
                List.of(),
                List.of(),
                List.of(),
                unknown);
    }

    private static String storable(String text) {
        return text.replaceAll("[\\x00\\p{Cs}]", "\uFFFD");
    }

    private static long unstorable(String text) {
        return text.codePoints()
                .filter(c -> c == 0 || Character.getType(c) == Character.SURROGATE)
                .count();
    }

    @Provide
    Arbitrary<StepRecord> records() {
        return RandomRecords.records();
    }

    @Provide
    Arbitrary<String> unstorableTexts() {
        return RandomRecords.unstorableTexts();
    }
}
