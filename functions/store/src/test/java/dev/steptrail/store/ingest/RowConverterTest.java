package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.attachment;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.store.model.StoredStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowConverterTest {
    private static final UUID TASK = new UUID(7, 7);

    @Test
    void stepData_containsTheFieldsWithoutAColumn() {
        Step step = step(TASK, 1, "thought", Map.of("x_note", "n"))
                .withModelCall(new ModelCall(Usage.of(12, 5, 3), null, "reply"))
                .withAttachments(List.of(attachment("model_input", "attachments/s/" + TASK + "/1.json.gz")));

        assertThat(RowConverter.toRow(step).stepData())
                .contains("\"usage\":{\"input_tokens\":12,\"cached_tokens\":5,\"output_tokens\":3}")
                .contains("\"attachments\":[{\"field\":\"model_input\",\"path\":\"attachments/s/" + TASK
                        + "/1.json.gz\",\"file_hash\":\"" + "0".repeat(64)
                        + "\",\"file_size\":10,\"original_size\":20}]")
                .contains("\"model_output\":\"reply\"", "\"x_note\":\"n\"")
                .doesNotContain("thought");
    }

    @Test
    void attachmentsOfAStart_areAmongItsOtherFields() {
        assertThat(RowConverter.otherFields(Map.of(), List.of())).isNull();
        assertThat(RowConverter.otherFields(Map.of("x", 1), List.of(attachment("name", "attachments/s/t/f"))))
                .startsWith("{\"x\":1,\"attachments\":[{\"field\":\"name\",\"path\":\"attachments/s/t/f\"");
    }

    @Test
    void orderOfKeys_doesNotMatterForTheComparison() {
        StoredStep row = RowConverter.toRow(step(TASK, 1, "short", inOrder("note", "n", "a", "b")));

        assertThat(StepComparison.isSame(
                        row, RowConverter.toRow(step(TASK, 1, "short", inOrder("a", "b", "note", "n")))))
                .isTrue();
        assertThat(StepComparison.isSame(
                        row, RowConverter.toRow(step(TASK, 1, "short", inOrder("note", "n", "a", "c")))))
                .isFalse();
    }

    private static Map<String, Object> inOrder(String first, String value, String second, String other) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(first, value);
        fields.put(second, other);
        return fields;
    }
}
