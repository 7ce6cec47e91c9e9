package dev.steptrail.store.model;

import static dev.steptrail.store.TestRecords.attachment;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.Usage;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StoredStepTest {
    private static final UUID TASK = new UUID(7, 7);

    @Test
    void stepData_containsTheFieldsWithoutAColumn() {
        Step step = step(TASK, 1, "thought", Map.of("x_note", "n"))
                .withModelCall(new ModelCall(Usage.of(12, 5, 3), null, "reply"))
                .withAttachments(List.of(attachment("model_input", "attachments/s/" + TASK + "/1.json.gz")));

        assertThat(StoredStep.of(step).stepData())
                .contains("\"usage\":{\"input_tokens\":12,\"cached_tokens\":5,\"output_tokens\":3}")
                .contains("\"attachments\":[{\"field\":\"model_input\",\"path\":\"attachments/s/" + TASK
                        + "/1.json.gz\",\"file_hash\":\"" + "0".repeat(64)
                        + "\",\"file_size\":10,\"original_size\":20}]")
                .contains("\"model_output\":\"reply\"", "\"x_note\":\"n\"")
                .doesNotContain("thought");
    }
}
