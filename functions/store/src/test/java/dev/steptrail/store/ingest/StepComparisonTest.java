package dev.steptrail.store.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.model.StoredStep;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepComparisonTest {
    private static final UUID TASK = new UUID(7, 7);
    private final Step step = TestRecords.step(TASK, 1);
    private final StoredStep row = StoredStep.of(step);

    @Test
    void sameFieldsInAnotherOrder_areEqual() {
        StoredStep other = withData(
                row,
                "{\"timings\":{\"model_ms\":80},\"action\":{\"element\":[499,842],"
                        + "\"_metadata\":\"do\", \"action\":\"Tap\"}}");

        assertThat(StepComparison.isSame(row, other)).isTrue();
        assertThat(StepComparison.isSame(row, withData(row, other.stepData().replace("80", "81"))))
                .isFalse();
    }

    @Test
    void differentActionThinkingOrScreenshot_isAnotherStep() {
        StoredStep tappedElsewhere = withData(row, row.stepData().replace("499", "498"));
        StoredStep thought = StoredStep.of(TestRecords.step(TASK, 1, "other"));
        StoredStep pictured = StoredStep.of(TestRecords.withScreenshot(step, FrameRole.BEFORE, "k"));

        assertThat(StepComparison.isSame(row, tappedElsewhere)).isFalse();
        assertThat(StepComparison.isSame(row, thought)).isFalse();
        assertThat(StepComparison.isSame(row, pictured)).isFalse();
        assertThat(StepComparison.isSame(
                        pictured, StoredStep.of(TestRecords.withScreenshot(step, FrameRole.AFTER, "k"))))
                .isFalse();
    }

    @Test
    void namesThatCollideInTheParsersTable_areCompared() {
        String fields = IntStream.range(0, 1024)
                .mapToObj(bits -> IntStream.range(0, 10)
                        .mapToObj(bit -> (bits >> bit & 1) == 0 ? "AB" : "B!")
                        .collect(Collectors.joining("", "\"", "\":1")))
                .collect(Collectors.joining(","));

        assertThat(StepComparison.isSame(row, withData(row, "{" + fields + "}")))
                .isFalse();
        assertThat(StepComparison.isSame(withData(row, "{" + fields + "}"), withData(row, "{ " + fields + "}")))
                .isTrue();
    }

    private static StoredStep withData(StoredStep row, String data) {
        return TestRecords.with(row, "stepData", data);
    }
}
