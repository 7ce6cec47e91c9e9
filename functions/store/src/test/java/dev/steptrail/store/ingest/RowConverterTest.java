package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.model.StoredStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowConverterTest {
    private static final UUID TASK = new UUID(7, 7);
    private static final int MAX_BYTES = 256 * 1024;

    @Test
    void textOf256KiB_isNotTruncated() {
        StoredStep row = RowConverter.toRow(step(TASK, 1, "x".repeat(MAX_BYTES)));

        assertThat(row.thinking()).hasSize(MAX_BYTES);
        assertThat(row.stepData()).doesNotContain("truncated_fields");
    }

    @Test
    void longerText_isTruncatedAtACharacter_andMarkedWithItsLengthInBytes() {
        StoredStep row = RowConverter.toRow(step(TASK, 1, "x" + "📷".repeat(100_000)));

        assertThat(row.thinking()).isEqualTo("x" + "📷".repeat(MAX_BYTES / 4 - 1));
        assertThat(row.stepData()).contains("\"truncated_fields\":{\"thinking\":400001},");
    }

    @Test
    void controlCharacters_countAsLongAsJsonMakesThem() {
        StoredStep row = RowConverter.toRow(step(TASK, 1, "\u0001".repeat(MAX_BYTES)));

        assertThat(row.thinking()).hasSize(MAX_BYTES / 3);
        assertThat(row.stepData()).contains("\"truncated_fields\":{\"thinking\":262144},");
        assertThat(RowConverter.toRow(step(TASK, 1, "\"".repeat(MAX_BYTES))).thinking())
                .hasSize(MAX_BYTES);
    }

    @Test
    void longerTextFromAPayload_isMarkedWithThePayloadPath() {
        Payload payload = TestRecords.payload("payloads/a/b/c");

        assertThat(RowConverter.toRow(step(TASK, 1, "x".repeat(MAX_BYTES + 1)), payload)
                        .stepData())
                .contains("\"truncated_fields\":{\"thinking\":262145},")
                .endsWith(",\"payload_path\":\"payloads/a/b/c\"}");
        assertThat(RowConverter.toRow(started(TASK, "alice", "x".repeat(MAX_BYTES + 1)), payload)
                        .unknown())
                .containsEntry("truncated_fields", Map.of("description", MAX_BYTES + 1))
                .containsEntry("payload_path", "payloads/a/b/c");
        assertThat(RowConverter.toRow(step(TASK, 1, "x".repeat(MAX_BYTES)), payload)
                        .stepData())
                .doesNotContain("payload_path");
    }

    @Test
    void payloadPathFromTheSender_isRemoved() {
        Map<String, Object> forged = Map.of("payload_path", "payloads/other/task/s", "truncated_sha256", "forged");

        assertThat(RowConverter.toRow(step(TASK, 1, "short", forged)).stepData())
                .doesNotContain("payload_path", "truncated_sha256");
        assertThat(RowConverter.toRow(step(TASK, 1, "x".repeat(MAX_BYTES + 1), forged))
                        .stepData())
                .doesNotContain("payload_path", "forged");
    }

    @Test
    void longerJson_isOmittedAndMarked() {
        Step large = step(TASK, 1, "short", Map.of("note", "x".repeat(MAX_BYTES)));

        StoredStep row = RowConverter.toRow(large);

        assertThat(row.thinking()).isEqualTo("short");
        assertThat(row.stepData())
                .hasSizeLessThan(300)
                .contains("\"action\":{", "\"truncated_fields\":{\"other_fields\":2621");
        assertThat(new StepComparison(row).isSame(RowConverter.toRow(large))).isTrue();
    }

    @Test
    void differenceInTheTruncatedPart_isAnotherStep() {
        StoredStep row = RowConverter.toRow(step(TASK, 1, "x".repeat(MAX_BYTES + 1)));

        assertThat(new StepComparison(row).isSame(RowConverter.toRow(step(TASK, 1, "x".repeat(MAX_BYTES + 1)))))
                .isTrue();
        assertThat(new StepComparison(row).isSame(RowConverter.toRow(step(TASK, 1, "x".repeat(MAX_BYTES + 2)))))
                .isFalse();
        assertThat(new StepComparison(row).isSame(RowConverter.toRow(step(TASK, 1, "x".repeat(MAX_BYTES) + "y"))))
                .isFalse();
    }

    @Test
    void differenceInOmittedJson_isAnotherStep_unlessOnlyTheKeyOrderDiffers() {
        String note = "x".repeat(MAX_BYTES);
        StoredStep row = RowConverter.toRow(step(TASK, 1, "short", inOrder("note", note, "a", "b")));

        assertThat(new StepComparison(row)
                        .isSame(RowConverter.toRow(step(TASK, 1, "short", inOrder("a", "b", "note", note)))))
                .isTrue();
        assertThat(new StepComparison(row)
                        .isSame(RowConverter.toRow(step(TASK, 1, "short", inOrder("note", note, "a", "c")))))
                .isFalse();
    }

    private static Map<String, Object> inOrder(String first, String value, String second, String other) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(first, value);
        fields.put(second, other);
        return fields;
    }

    @Test
    void moreThan100Screenshots_areTruncatedAndCounted() {
        Step step = withScreenshots(2500, "webp");

        StoredStep row = RowConverter.toRow(step);

        assertThat(row.screenshots()).hasSize(100);
        assertThat(row.screenshots().get(99).screenshotPath()).endsWith("/99.webp");
        assertThat(row.stepData()).contains("\"truncated_fields\":{\"screenshot_count\":2500},");
    }

    @Test
    void hundredScreenshots_areKept() {
        StoredStep row = RowConverter.toRow(withScreenshots(100, "webp"));

        assertThat(row.screenshots()).hasSize(100);
        assertThat(row.stepData()).doesNotContain("truncated_fields");
    }

    @Test
    void longFields_areOmitted_butNotTokensAndAttachments() {
        UUID task = UUID.randomUUID();
        Attachment input =
                new Attachment(ModelCall.INPUT, "attachments/s/" + task + "/1.json.gz", "0".repeat(64), 7, Map.of());
        Step step = TestRecords.step(task, 1, "thought", Map.of("x_dump", "x".repeat(MAX_BYTES)))
                .withModelCall(new ModelCall(Usage.of(12, 5, 3), null, "reply", List.of(input)));

        String data = RowConverter.toRow(step).stepData();

        assertThat(data)
                .contains("\"usage\":{\"input_tokens\":12,\"cached_tokens\":5,\"output_tokens\":3}", input.path())
                .contains("\"truncated_fields\":{\"other_fields\"")
                .doesNotContain("x_dump", "reply");
    }

    @Test
    void longNamesInAScreenshot_areTruncatedAndMarked() {
        StoredStep row = RowConverter.toRow(withScreenshots(2, "w".repeat(1_000_000)));

        assertThat(row.screenshots().get(1).format()).isEqualTo("w".repeat(1024));
        assertThat(row.stepData()).contains("\"screenshots[0].format\":1000000", "\"screenshots[1].format\":1000000");
    }

    private static Step withScreenshots(int count, String format) {
        List<Screenshot> screenshots = IntStream.range(0, count)
                .mapToObj(i -> new Screenshot(
                        FrameRole.OTHER,
                        "screenshots/AIDA/" + TASK + "/" + i + ".webp",
                        "0".repeat(64),
                        1000,
                        9000,
                        1080,
                        2400,
                        format,
                        true,
                        false,
                        List.of(),
                        null,
                        null,
                        null,
                        Map.of()))
                .toList();
        return step(TASK, 1, "short").withScreenshots(screenshots, List.of());
    }
}
