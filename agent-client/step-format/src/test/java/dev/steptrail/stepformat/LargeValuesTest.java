package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LargeValuesTest {
    private static final TaskRecords RECORDS = new TaskRecords(UuidV7.at(TaskRecords.TIME));

    private final Map<String, String> stored = new LinkedHashMap<>();

    @Test
    void smallRecord_isUnchanged() {
        Step step = RECORDS.step(1, "t".repeat(3_000));

        assertThat(move(step)).isSameAs(step);
        assertThat(move(RECORDS.started())).isEqualTo(RECORDS.started());
        assertThat(stored).isEmpty();
    }

    @Test
    void largeText_keepsItsBeginning_andTheWholeIsStored() {
        String thinking = "想".repeat(30_000);
        Step moved = (Step) move(RECORDS.step(1, thinking));

        assertThat(moved.thinking()).isEqualTo(thinking.substring(0, 4_000));
        assertThat(moved.attachments())
                .containsExactly(new Attachment("thinking", path("thinking"), "0".repeat(64), 1, 90_002, Map.of()));
        assertThat(stored).isEqualTo(Map.of("thinking", '"' + thinking + '"'));
    }

    @Test
    void modelInputAndOutput_areMovedOver4KiB_otherValuesStay() {
        Step step = with(Map.of(
                "model_input", List.of("i".repeat(5_000)),
                "model_output", "o".repeat(4_000),
                "action", Map.of("text", "a".repeat(60_000))));
        Step moved = (Step) move(step);

        assertThat(moved.modelCall().input()).isNull();
        assertThat(moved.modelCall().output()).isEqualTo("o".repeat(4_000));
        assertThat(moved.action()).isEqualTo(step.action());
        assertThat(stored).isEqualTo(Map.of("model_input", "[\"" + "i".repeat(5_000) + "\"]"));
    }

    @Test
    void largestValues_areMovedFirst_ifTheRecordIsStillTooLarge() {
        Step moved = (Step) move(with(Map.of(
                "thinking", "t".repeat(60_000),
                "error_message", "e".repeat(61_000),
                "action", Map.of("a", "a".repeat(62_000)),
                "action_result", Map.of("r", "r".repeat(63_000)))));

        assertThat(stored.keySet()).containsExactly("action_result");
        assertThat(moved.actionResult()).isNull();
        assertThat(moved.thinking()).hasSize(60_000);
    }

    @Test
    void fieldsOutsideTheFormat_areMovedTogether_exceptSmallOnes() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("x_dom", "d".repeat(100_000));
        for (int i = 0; i < 100; i++) {
            fields.put("x_" + i, i);
        }
        Step moved = (Step) move(RECORDS.step(1, "t", fields));

        assertThat(moved.attachments()).extracting(Attachment::field).containsExactly("other_fields");
        assertThat(moved.unknown()).hasSize(32).containsEntry("x_31", 31).doesNotContainKey("x_dom");
        assertThat(stored.get("other_fields")).startsWith("{\"x_dom\":\"ddd").endsWith("\"x_99\":99}");
    }

    @Test
    void start_keepsTheBeginningOfLongNames() {
        TaskStarted moved = (TaskStarted) move(decode(Map.of(
                "record", "task_started",
                "name", "n".repeat(2_000),
                "description", "d".repeat(300_000),
                "agent", "agent",
                "metadata", Map.of("m", "m".repeat(100_000)))));

        assertThat(moved.name()).isEqualTo("n".repeat(200));
        assertThat(moved.description()).hasSize(4_000);
        assertThat(moved.metadata()).isEmpty();
        assertThat(stored.keySet()).containsExactlyInAnyOrder("name", "description", "metadata");
    }

    @Test
    void newValue_replacesAnEarlierAttachmentOfItsField() {
        Attachment earlier = new Attachment("model_input", path("old"), "1".repeat(64), 5, 6, Map.of("x_by", "me"));
        Attachment other = new Attachment("model_output", path("o"), "1".repeat(64), 5, 6, Map.of("x_by", "me"));
        Step step = with(Map.of("model_input", "i".repeat(5_000))).withAttachments(List.of(earlier, other));

        assertThat(((Step) move(step)).attachments())
                .extracting(Attachment::path)
                .containsExactly(path("model_input"), path("o"));
    }

    @Test
    void imagesWithManyRegions_areReduced_andTheRestIsCounted() {
        List<Region> regions = Collections.nCopies(200, new Region(0, 0, 1, 1));
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            frames.add(new Frame(
                    FrameRole.OTHER, "frames/" + i + ".png", 1, 1, false, regions, null, Map.of("x", "y".repeat(500))));
        }
        Step step = (Step) RECORDS.step(1, "t", Map.of(), frames.toArray(Frame[]::new));
        Step moved = (Step) move(step);

        assertThat(moved.frames()).hasSize(100).allSatisfy(frame -> assertThat(frame.redactedRegions())
                .hasSize(10));
        assertThat(moved.unknown().get("omitted_values")).isEqualTo(Map.of("fields", 100, "redacted_regions", 19_000));
    }

    /** The shipper moves values again if a record is too large with its screenshots. */
    @Test
    void secondMove_keepsTheAttachmentsOfTheFirst() {
        Map<String, Object> fields = Map.of("x_small", 1, "x_large", "x".repeat(70_000));
        Step first = (Step) move(RECORDS.step(1, "t".repeat(100_000), fields));
        Map<String, String> complete = Map.copyOf(stored);
        List<Screenshot> screenshots = Collections.nCopies(
                100,
                new Screenshot(
                        FrameRole.OTHER,
                        "s/" + "p".repeat(900),
                        "0".repeat(64),
                        1,
                        1,
                        1,
                        1,
                        "webp",
                        true,
                        false,
                        Collections.nCopies(30, new Region(0, 0, 1, 1)),
                        null,
                        null,
                        null,
                        Map.of()));

        Step second = (Step) move(first.withScreenshots(screenshots, List.of()));

        assertThat(complete.keySet()).containsExactlyInAnyOrder("thinking", "other_fields");
        assertThat(stored).containsAllEntriesOf(complete);
        assertThat(second.attachments()).containsAll(first.attachments());
        assertThat(second.unknown()).containsEntry("x_small", 1);
    }

    @Test
    void fieldsOfAStartWithNamesOfAStep_areOfAnyType() {
        StepRecord start = decode(
                Map.of("record", "task_started", "on_behalf_of", "o".repeat(250_000), "frames", "3", "usage", 4));

        assertThat(move(start).unknown()).isEqualTo(Map.of("frames", "3", "usage", 4));
    }

    @Test
    void record_ofExactlyTheMaximumSize_isUnchanged_andOneByteMoreIsMoved() {
        int rest = RecordCodec.encode(started("o")).length - 1;

        for (int excess : new int[] {0, 1, 8}) {
            stored.clear();
            StepRecord start = started("o".repeat(LargeValues.MAX_RECORD_BYTES - rest + excess));

            assertThat(RecordCodec.encode(move(start))).hasSizeLessThanOrEqualTo(LargeValues.MAX_RECORD_BYTES);
            assertThat(stored.keySet()).isEqualTo(excess == 0 ? Set.of() : Set.of("description"));
        }
    }

    @Test
    void verdict_losesWhatIsNotStored() {
        StepRecord verdict = decode(
                Map.of("record", "verdict", "value", "pass", "evaluator", "judge", "reason", "r".repeat(500_000)));

        assertThat(((Verdict) move(verdict)).reason()).hasSize(20_000);
    }

    /** Each record with values of any size fits into a message, and its attachments contain what it has lost. */
    @Property(tries = 100)
    void anyRecord_fitsIntoAMessage(@ForAll Random random) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String field : List.of("thinking", "error_message", "model_output", "x_text")) {
            fields.put(field, text(random));
        }
        for (String field : List.of("action", "action_result", "timings", "resources", "x_object")) {
            fields.put(field, Map.of("value", text(random)));
        }
        stored.clear();
        Step step = with(fields);
        StepRecord moved = move(step);

        assertThat(RecordCodec.encode(moved)).hasSizeLessThanOrEqualTo(LargeValues.MAX_RECORD_BYTES);
        assertThat(MessageCodec.encode(List.of(RecordCodec.encode(moved))).text())
                .hasSizeLessThanOrEqualTo(240 * 1024);
        stored.forEach((field, json) ->
                assertThat(json).isEqualTo(json(field.equals("other_fields") ? step.unknown() : fields.get(field))));
    }

    /** Returns the start of a task with a long description and an attachment. */
    private static StepRecord started(String owner) {
        Map<String, Object> attachment = Map.of(
                "field", "name", "path", path("name"), "file_hash", "0".repeat(64), "file_size", 1, "original_size", 1);
        return decode(Map.of(
                "record",
                "task_started",
                "description",
                "d".repeat(60_000),
                "on_behalf_of",
                owner,
                "attachments",
                List.of(attachment)));
    }

    private static String text(Random random) {
        int length = random.nextInt(4) == 0 ? random.nextInt(400_000) : random.nextInt(60_000);
        int range = random.nextBoolean() ? 95 : 20_000;
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length / (range > 95 ? 3 : 1); i++) {
            text.append((char) (32 + random.nextInt(range)));
        }
        return text.toString();
    }

    private static Step with(Map<String, Object> fields) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.putAll(Map.of("record", "step", "step_number", 1, "step_type", "action"));
        return (Step) decode(all);
    }

    private static StepRecord decode(Map<String, Object> fields) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.putAll(Map.of("v", 1, "task_id", RECORDS.task().toString(), "timestamp", TaskRecords.TIME.toString()));
        try {
            return RecordCodec.decode(json(JsonValues.copyOf(all)).getBytes(StandardCharsets.UTF_8));
        } catch (InvalidRecordException e) {
            throw new AssertionError(e);
        }
    }

    private static String json(Object value) {
        return new String(RecordCodec.encodeValue(value), StandardCharsets.UTF_8);
    }

    private StepRecord move(StepRecord record) {
        return LargeValues.<RuntimeException>move(record, (field, json) -> {
            stored.put(field, new String(json, StandardCharsets.UTF_8));
            return new Attachment(field, path(field), "0".repeat(64), 1, json.length, Map.of());
        });
    }

    private static String path(String field) {
        return "attachments/lab/" + RECORDS.task() + "/" + field;
    }
}
