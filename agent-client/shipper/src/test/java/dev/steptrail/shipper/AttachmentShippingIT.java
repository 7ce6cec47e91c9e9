package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.stepformat.Usage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Large values of records, which are stored as objects under {@code attachments/}. */
class AttachmentShippingIT extends LocalAwsTestBase {
    private final String folder = "attachments/sender/" + task.task() + "/";
    private static final Usage USAGE = Usage.of(12, 3, 4);

    private Step step(int number, Object input, Object output) {
        return task.step(number, "t").withModelCall(new ModelCall(USAGE, input, output));
    }

    private Step shippedStep() throws Exception {
        ship();
        return aws.records().stream()
                .filter(Step.class::isInstance)
                .map(Step.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void largeInputAndOutput_becomeAttachments_withTheFieldsAsJson() throws Exception {
        List<Object> input = List.of(Map.of("content", "é".repeat(3000)), Map.of("frame", "before"));
        String output = "o".repeat(4095);
        write(task.started(), step(1, input, output), task.ended());

        assertThat(ship().attachments()).isEqualTo(2);

        Step shipped = shippedStep();
        ModelCall call = shipped.modelCall();
        assertThat(call.usage()).isEqualTo(USAGE);
        assertThat(call.input()).isNull();
        assertThat(call.output()).isNull();
        assertThat(shipped.attachments()).extracting(Attachment::field).containsExactly("model_input", "model_output");
        assertThat(aws.keys())
                .containsExactlyInAnyOrderElementsOf(
                        shipped.attachments().stream().map(Attachment::path).toList());
        for (Attachment attachment : shipped.attachments()) {
            byte[] object = aws.object(attachment.path());
            assertThat(attachment.path()).isEqualTo(folder + attachment.fileHash() + ".json.gz");
            assertThat(Sha256.hex(object)).isEqualTo(attachment.fileHash());
            assertThat(object).hasSize(attachment.fileSize());
        }
        assertThat(json(shipped.attachments().get(0)))
                .isEqualTo("[{\"content\":\"" + "é".repeat(3000) + "\"},{\"frame\":\"before\"}]");
        assertThat(json(shipped.attachments().get(1))).isEqualTo("\"" + output + "\"");
    }

    @Test
    void recordThatIsTooLargeWithoutItsLargeValues_isRejected_andOthersAreDelivered() throws Exception {
        Map<String, Long> reasons = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            reasons.put("a reason of the recorder " + i, 1L);
        }
        Losses losses = new Losses(task.task(), TaskRecords.TIME, reasons, Map.of(), Map.of());
        write(task.started(), losses, task.ended());

        assertThat(ship().rejected()).isEqualTo(1);
        assertThat(aws.records()).containsExactly(task.started(), task.ended());
    }

    /** A value may be longer in decimal notation than in the outbox. */
    @Test
    void valueThatIsTooLargeForAnAttachment_isRejected_andOthersAreDelivered() throws Exception {
        write(task.started());
        String values = "1e399,".repeat(600) + '"' + "x".repeat(16 * 1024 * 1024 - 10_000) + '"';
        String step =
                "{\"v\":1,\"record\":\"step\",\"task_id\":\"" + task.task() + "\",\"timestamp\":\"" + TaskRecords.TIME
                        + "\",\"step_number\":1,\"step_type\":\"action\",\"model_input\":[" + values + "]}\n";
        Files.writeString(steps(), step, StandardOpenOption.APPEND);

        assertThat(ship().rejected()).isEqualTo(1);
        assertThat(aws.records()).containsExactly(task.started());
        assertThat(aws.keys()).isEmpty();
    }

    private String json(Attachment attachment) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(aws.object(attachment.path())))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
