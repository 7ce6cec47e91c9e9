package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RecordRoundTripTest {
    private static final TaskRecords RECORDS = TaskRecords.newTask();

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
        byte[] json = RecordCodec.encode(step(thinking, Map.of("k" + nested, List.of(nested))));

        Step decoded = (Step) RecordCodec.decode(json);

        long replaced = unstorable(thinking) + 2 * unstorable(nested);
        assertThat(decoded.thinking()).isEqualTo(storable(thinking));
        assertThat(decoded.action()).isEqualTo(Map.of("k" + storable(nested), List.of(storable(nested))));
        assertThat(decoded.unknown())
                .isEqualTo(replaced == 0 ? Map.of() : Map.of("replaced_characters", (int) replaced));
        assertThat(RecordCodec.encode(decoded)).isEqualTo(json);
    }

    @Property(tries = 300)
    void decode_escapedUnstorableText_isReplacedAndCounted(@ForAll("unstorableTexts") String text) throws Exception {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
        String json = new String(RecordCodec.encode(step("HERE", Map.of("HERE", 1))), StandardCharsets.UTF_8)
                .replace("HERE", escaped);

        Step decoded = (Step) RecordCodec.decode(json.getBytes(StandardCharsets.UTF_8));

        assertThat(decoded.thinking()).isEqualTo(storable(text));
        assertThat(decoded.action()).isEqualTo(Map.of(storable(text), 1));
        assertThat(decoded.unknown().getOrDefault("replaced_characters", 0)).isEqualTo(2 * (int) unstorable(text));
    }

    @Test
    void encode_existingReplacedCharacters_addsToCount() throws Exception {
        Step step = RECORDS.step(1, "\0", Map.of("replaced_characters", 2));

        assertThat(RecordCodec.decode(RecordCodec.encode(step)).unknown()).isEqualTo(Map.of("replaced_characters", 3));
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
        Step recorded = RECORDS.step(1, "t", Map.of("x", 1), frame);

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
        assertThat(RECORDS.step(1, "t", Map.of("lost_screenshots", List.of(recorded)))
                        .withScreenshots(List.of(), List.of())
                        .unknown())
                .isEqualTo(Map.of("lost_screenshots", List.of(recorded)));
    }

    private static Object lostAfter(Object recorded, Map<String, Object> lost) {
        Map<String, Object> unknown = recorded == null ? Map.of() : Map.of("lost_screenshots", recorded);
        return RECORDS.step(1, "t", unknown)
                .withScreenshots(List.of(), List.of(lost))
                .unknown()
                .get("lost_screenshots");
    }

    private static Step step(String thinking, Map<String, Object> action) {
        return new Step(
                RECORDS.task(),
                TaskRecords.TIME,
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
                Map.of());
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
