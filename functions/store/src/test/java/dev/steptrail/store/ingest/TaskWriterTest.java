package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.attachment;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskWriterTest {
    @Test
    void attachmentsOfAStart_areAmongItsOtherFields() {
        assertThat(TaskWriter.otherFields(Map.of(), List.of())).isNull();
        assertThat(TaskWriter.otherFields(Map.of("x", 1), List.of(attachment("name", "attachments/s/t/f"))))
                .startsWith("{\"x\":1,\"attachments\":[{\"field\":\"name\",\"path\":\"attachments/s/t/f\"");
    }
}
