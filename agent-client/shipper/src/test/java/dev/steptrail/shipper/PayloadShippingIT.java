package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Records that are too large for a message, or that the database would truncate. */
class PayloadShippingIT extends LocalAwsTestBase {
    private final String folder = "payloads/sender/" + task.task() + "/";

    @Test
    void largeRecords_areStored_andMessageReferencesThemInOrder() throws Exception {
        List<StepRecord> records = List.of(
                task.started(),
                task.step(1, noise(300 * 1024)), // too large for a message
                task.step(2, "two"),
                task.step(3, "think ".repeat(1_000_000)), // small when compressed, but the database would truncate it
                task.ended());
        write(records.toArray(new StepRecord[0]));

        ShipCounts counts = ship();

        assertThat(counts.rejected()).isZero();
        assertThat(counts.records()).isEqualTo(5);
        List<MessageBody> messages = aws.messages();
        assertThat(messages).allMatch(message -> message.text().length() <= BucketUploads.MAX_BODY_BYTES);
        assertThat(aws.records(messages)).containsExactlyInAnyOrderElementsOf(records);
        assertThat(aws.keys()).hasSize(2).allMatch(key -> key.matches(folder + "[0-9a-f]{64}[.]json[.]gz"));
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void recordOf256KiB_isSentInline_andOneByteMoreIsStored() throws Exception {
        int around = RecordCodec.encode(task.step(1, "")).length;
        StepRecord fits = task.step(1, "x".repeat(256 * 1024 - around));
        StepRecord larger = task.step(2, "x".repeat(256 * 1024 - around + 1));
        write(task.started(), fits, larger, task.ended());

        ship();

        assertThat(aws.keys()).hasSize(1);
        assertThat(aws.records()).containsExactlyInAnyOrder(task.started(), fits, larger, task.ended());
        byte[] object = aws.object(aws.keys().get(0));
        assertThat(gunzip(object)).isEqualTo(RecordCodec.encode(larger));
    }

    @Test
    void recordStoredButNotSent_isStoredUnderSameKeyAgain() throws Exception {
        write(task.step(1, noise(300 * 1024)), task.ended());
        aws.deleteQueue();
        assertThatThrownBy(this::ship).isInstanceOf(ShipException.class);
        List<String> stored = aws.keys();
        assertThat(stored).hasSize(1);

        aws.createQueue();
        ship();

        assertThat(aws.keys()).isEqualTo(stored);
        assertThat(aws.records()).containsExactlyInAnyOrder(task.step(1, noise(300 * 1024)), task.ended());
    }

    @Test
    void missingBucket_nothingIsRejected_andRecordsAreSentOnceBucketExists() throws Exception {
        write(task.step(1, noise(300 * 1024)), task.ended());
        Map<String, String> wrong = aws.environment("STEPTRAIL_BUCKET", "missing-bucket");

        assertThatThrownBy(() -> ship(wrong)).hasMessage("STEPTRAIL_BUCKET: the bucket missing-bucket does not exist");
        assertThat(aws.messages()).isEmpty();

        assertThat(ship().rejected()).isZero();
        assertThat(aws.records()).hasSize(2);
    }

    @Test
    void recordOverReaderLimit_isRejectedWithItsSize() {
        ShipperSettings settings = ShipperSettings.from(aws.environment());
        BucketUploads uploads = new BucketUploads(
                new ScreenshotBucket(settings, new AwsClients(settings)), new WebpEncoder(WebpSettings.DEFAULT));

        assertThatThrownBy(() -> uploads.toMessageElement(task.task(), new byte[8 * 1024 * 1024 + 1]))
                .isInstanceOf(UnsendableException.class)
                .hasMessage("the record has 8388609 bytes; the maximum is 8388608");
        assertThat(aws.keys()).isEmpty();
    }

    private static byte[] gunzip(byte[] bytes) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return gzip.readAllBytes();
        }
    }
}
