package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.RecordShortener;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.Usage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Large texts of model calls, which are stored as objects under {@code attachments/}. */
class AttachmentShippingIT extends LocalAwsTestBase {
    private final String folder = "attachments/sender/" + task.task() + "/";
    private static final Usage USAGE = Usage.of(12, 3, 4);

    private Step step(int number, Object input, Object output) {
        return task.step(number, "t").withModelCall(new ModelCall(USAGE, input, output, List.of()));
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

        ModelCall call = shippedStep().modelCall();
        assertThat(call.usage()).isEqualTo(USAGE);
        assertThat(call.input()).isNull();
        assertThat(call.output()).isNull();
        assertThat(call.attachments()).extracting(Attachment::field).containsExactly("model_input", "model_output");
        assertThat(aws.keys())
                .containsExactlyInAnyOrderElementsOf(
                        call.attachments().stream().map(Attachment::path).toList());
        for (Attachment attachment : call.attachments()) {
            byte[] object = aws.object(attachment.path());
            assertThat(attachment.path()).isEqualTo(folder + attachment.fileHash() + ".json.gz");
            assertThat(PayloadCodec.hash(object)).isEqualTo(attachment.fileHash());
            assertThat(object).hasSize(attachment.fileSize());
        }
        assertThat(json(call.attachments().get(0)))
                .isEqualTo("[{\"content\":\"" + "é".repeat(3000) + "\"},{\"frame\":\"before\"}]");
        assertThat(json(call.attachments().get(1))).isEqualTo("\"" + output + "\"");
    }

    @Test
    void largeInputOfAStepThatHasAnAttachmentOfIt_replacesTheAttachment() throws Exception {
        Attachment earlier = new Attachment("model_input", folder + "a", "0".repeat(64), 1, Map.of());
        Step step = task.step(1, "t").withModelCall(new ModelCall(USAGE, "i".repeat(10_000), null, List.of(earlier)));
        write(task.started(), step, task.ended());

        assertThat(shippedStep().modelCall().attachments())
                .extracting(Attachment::path)
                .isEqualTo(aws.keys());
    }

    @Test
    void valueOf4KiB_isSentInTheRecord() throws Exception {
        Step step = step(1, "i".repeat(4094), "short");
        write(task.started(), step, task.ended());

        assertThat(shippedStep()).isEqualTo(step);
        assertThat(aws.keys()).isEmpty();
    }

    @Test
    void valueOver8MiB_isRemoved() throws Exception {
        write(task.started(), step(1, "i".repeat(9_000_000), "short"), task.ended());

        Step shipped = shippedStep();

        assertThat(shipped.modelCall()).isEqualTo(new ModelCall(USAGE, null, "short", List.of()));
        assertThat(shipped.unknown()).containsOnlyKeys(RecordShortener.SHORTENED_FIELDS);
        assertThat(aws.keys()).isEmpty();
    }

    @Test
    void attachmentStoredButNotSent_isStoredUnderTheSameKeyAgain() throws Exception {
        write(task.started(), step(1, "i".repeat(10_000), null), task.ended());
        aws.deleteQueue();
        assertThatThrownBy(this::ship).isInstanceOf(ShipException.class);
        List<String> stored = aws.keys();
        assertThat(stored).hasSize(1);

        aws.createQueue();

        assertThat(shippedStep().modelCall().attachments())
                .extracting(Attachment::path)
                .isEqualTo(stored);
        assertThat(aws.keys()).isEqualTo(stored);
    }

    @Test
    void missingBucket_delaysTheStep() throws Exception {
        write(task.started(), step(1, "i".repeat(10_000), null), task.ended());
        Map<String, String> wrong = aws.environment("STEPTRAIL_BUCKET", "missing-bucket");

        assertThatThrownBy(() -> ship(wrong)).hasMessage("STEPTRAIL_BUCKET: the bucket missing-bucket does not exist");
        assertThat(aws.messages()).isEmpty();

        assertThat(shippedStep().modelCall().attachments()).hasSize(1);
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void encodedValue_isTheFieldOfTheRecord() {
        Step step = step(1, Map.of("a", 1, "b", List.of("\u0000", true)), null);

        assertThat(new String(RecordCodec.encode(step), StandardCharsets.UTF_8))
                .contains("\"model_input\":"
                        + new String(RecordCodec.encodeValue(step.modelCall().input()), StandardCharsets.UTF_8));
    }

    private String json(Attachment attachment) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(aws.object(attachment.path())))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
