package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.model.StoredStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final UUID TASK = new UUID(7, 7);
    private static final int MOST = 256 * 1024;

    @Test
    void textOf256KiB_isNotTruncated() {
        StoredStep row = Rows.of(step(TASK, 1, "x".repeat(MOST)));

        assertThat(row.thinking()).hasSize(MOST);
        assertThat(row.stepData()).doesNotContain("cut_fields");
    }

    @Test
    void longerText_isTruncatedAtACharacter_andMarkedWithItsLengthInBytes() {
        StoredStep row = Rows.of(step(TASK, 1, "x" + "📷".repeat(100_000)));

        assertThat(row.thinking()).isEqualTo("x" + "📷".repeat(MOST / 4 - 1));
        assertThat(row.stepData()).contains("\"cut_fields\":{\"thinking\":400001},");
    }

    @Test
    void controlCharacters_countAsLongAsJsonMakesThem() {
        StoredStep row = Rows.of(step(TASK, 1, "\u0001".repeat(MOST)));

        assertThat(row.thinking()).hasSize(MOST / 3);
        assertThat(row.stepData()).contains("\"cut_fields\":{\"thinking\":262144},");
        assertThat(Rows.of(step(TASK, 1, "\"".repeat(MOST))).thinking()).hasSize(MOST);
    }

    @Test
    void longerTextFromAPayload_isMarkedWithThePayloadPath() {
        Payload payload = TestRecords.payload("payloads/a/b/c");

        assertThat(Rows.of(step(TASK, 1, "x".repeat(MOST + 1)), payload).stepData())
                .contains("\"cut_fields\":{\"thinking\":262145},")
                .endsWith(",\"payload_path\":\"payloads/a/b/c\"}");
        assertThat(Rows.of(started(TASK, "alice", "x".repeat(MOST + 1)), payload)
                        .unknown())
                .containsEntry("cut_fields", Map.of("description", MOST + 1))
                .containsEntry("payload_path", "payloads/a/b/c");
        assertThat(Rows.of(step(TASK, 1, "x".repeat(MOST)), payload).stepData()).doesNotContain("payload_path");
    }

    @Test
    void payloadPathFromTheSender_isRemoved() {
        Map<String, Object> forged = Map.of("payload_path", "payloads/other/task/s", "cut_sha256", "forged");

        assertThat(Rows.of(step(TASK, 1, "short", forged)).stepData()).doesNotContain("payload_path", "cut_sha256");
        assertThat(Rows.of(step(TASK, 1, "x".repeat(MOST + 1), forged)).stepData())
                .doesNotContain("payload_path", "forged");
    }

    @Test
    void longerJson_isLeftOutAndMarked() {
        Step large = step(TASK, 1, "short", Map.of("note", "x".repeat(MOST)));

        StoredStep row = Rows.of(large);

        assertThat(row.thinking()).isEqualTo("short");
        assertThat(row.stepData())
                .hasSizeLessThan(300)
                .contains("\"action\":{", "\"cut_fields\":{\"other_fields\":2621");
        assertThat(new StepComparison(row).isSame(Rows.of(large))).isTrue();
    }

    @Test
    void differenceInTheTruncatedPart_isAnotherStep() {
        StoredStep row = Rows.of(step(TASK, 1, "x".repeat(MOST + 1)));

        assertThat(new StepComparison(row).isSame(Rows.of(step(TASK, 1, "x".repeat(MOST + 1)))))
                .isTrue();
        assertThat(new StepComparison(row).isSame(Rows.of(step(TASK, 1, "x".repeat(MOST + 2)))))
                .isFalse();
        assertThat(new StepComparison(row).isSame(Rows.of(step(TASK, 1, "x".repeat(MOST) + "y"))))
                .isFalse();
    }

    @Test
    void differenceInOmittedJson_isAnotherStep_unlessOnlyTheKeyOrderDiffers() {
        String note = "x".repeat(MOST);
        StoredStep row = Rows.of(step(TASK, 1, "short", inOrder("note", note, "a", "b")));

        assertThat(new StepComparison(row).isSame(Rows.of(step(TASK, 1, "short", inOrder("a", "b", "note", note)))))
                .isTrue();
        assertThat(new StepComparison(row).isSame(Rows.of(step(TASK, 1, "short", inOrder("note", note, "a", "c")))))
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

        StoredStep row = Rows.of(step);

        assertThat(row.screenshots()).hasSize(100);
        assertThat(row.screenshots().get(99).screenshotPath()).endsWith("/99.webp");
        assertThat(row.stepData()).contains("\"cut_fields\":{\"screenshot_count\":2500},");
    }

    @Test
    void hundredScreenshots_areKept() {
        StoredStep row = Rows.of(withScreenshots(100, "webp"));

        assertThat(row.screenshots()).hasSize(100);
        assertThat(row.stepData()).doesNotContain("cut_fields");
    }

    @Test
    void longNamesInAScreenshot_areTruncatedAndMarked() {
        StoredStep row = Rows.of(withScreenshots(2, "w".repeat(1_000_000)));

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
