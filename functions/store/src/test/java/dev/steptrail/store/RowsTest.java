package dev.steptrail.store;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Step;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final UUID TASK = new UUID(7, 7);
    private static final int MOST = 256 * 1024;

    @Test
    void textOf256KiB_isKeptWhole() {
        StoredStep row = Rows.of(step(TASK, 1, "x".repeat(MOST)));

        assertThat(row.thinking()).hasSize(MOST);
        assertThat(row.stepData()).doesNotContain("cut_fields");
    }

    @Test
    void longerText_isCutAtACharacterAndMarkedWithItsLengthInBytes() {
        StoredStep row = Rows.of(step(TASK, 1, "x" + "📷".repeat(100_000)));

        assertThat(row.thinking()).isEqualTo("x" + "📷".repeat(MOST / 4 - 1));
        assertThat(row.stepData()).endsWith("\"cut_fields\":{\"thinking\":400001}}");
    }

    @Test
    void longerJson_isLeftOutAndMarked() {
        Step large = step(TASK, 1, "short", Map.of("note", "x".repeat(MOST)));

        StoredStep row = Rows.of(large);

        assertThat(row.thinking()).isEqualTo("short");
        assertThat(row.stepData())
                .hasSizeLessThan(200)
                .contains("\"action\":{", "\"cut_fields\":{\"other_fields\":2621");
        assertThat(SameStep.test(row, Rows.of(large))).isTrue();
    }

    @Test
    void aDifferenceInLengthBeyondTheCut_isAnotherStep() {
        StoredStep row = Rows.of(step(TASK, 1, "x".repeat(MOST + 1)));

        assertThat(SameStep.test(row, Rows.of(step(TASK, 1, "x".repeat(MOST + 1)))))
                .isTrue();
        assertThat(SameStep.test(row, Rows.of(step(TASK, 1, "x".repeat(MOST + 2)))))
                .isFalse();
    }
}
