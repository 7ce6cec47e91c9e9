package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.shipper.internal.screenshot.Encoders;
import dev.steptrail.shipper.internal.screenshot.Pixels;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Region;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Stores frames in a real S3 server with real encoders, on several threads. */
@Isolated("removes the encoder for the whole process")
class BucketUploadsIT extends LocalAwsTestBase {
    @Test
    void equalScreenshots_areStoredOnce_withTheFlagsAndRegionsOfEachFrame() throws Exception {
        Region region = new Region(10, 20, 300, 400);
        BufferedImage screen = new BufferedImage(320, 430, BufferedImage.TYPE_INT_RGB);
        try (TaskWriter writer = outbox.newTask(task.task())) {
            Frame one = writer.writeFrame(1, FrameRole.BEFORE, Pixels.png(screen), false, List.of(region), null);
            Frame two = writer.writeFrame(2, FrameRole.BEFORE, Pixels.png(screen), true, null);
            OutboxTask written = outbox.task(task.task()).orElseThrow();
            BucketUploads uploads = uploads(new WebpEncoder(new WebpSettings(75, 0, 2)));

            Future<Screenshot> firstUpload = uploads.startUpload(written, one);
            Screenshot second = uploads.startUpload(written, two).get();
            Screenshot first = firstUpload.get();

            assertThat(second.screenshotPath()).isEqualTo(first.screenshotPath());
            assertThat(aws.keys()).containsExactlyInAnyOrder(first.screenshotPath(), first.thumbnailPath());
            assertThat(List.of(first.sensitive(), second.sensitive())).containsExactly(false, true);
            assertThat(first.redactedRegions()).containsExactly(region);
            assertThat(second.redactedRegions()).isEmpty();
            assertThat(Pixels.difference(Pixels.ofWebp(aws.object(first.screenshotPath())), screen, Pixels.all(screen)))
                    .isLessThan(1);
        }
    }

    @Test
    void senderWithAllAllowedCharacters_isSignedUnchanged() throws Exception {
        String key = "screenshots/AROAEXAMPLE:a+b=c,d.e@f-g/picture.webp";

        bucket().put(key, new byte[] {1}, "image/webp");

        assertThat(aws.object(key)).containsExactly(1);
    }

    @Test
    void thumbnailFailure_screenshotIsStoredWithoutThumbnail() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            Frame frame = writer.writeFrame(1, FrameRole.BEFORE, Screens.drawn(1), false, null);
            Screenshot shipped = uploads(Encoders.withoutThumbnails())
                    .startUpload(outbox.task(task.task()).orElseThrow(), frame)
                    .get();

            assertThat(shipped.thumbnailPath()).isNull();
            assertThat(shipped.perceptualHash()).isNull();
            assertThat(aws.keys()).containsExactly(shipped.screenshotPath());
        }
    }

    private BucketUploads uploads(WebpEncoder encoder) {
        BucketUploads uploads = new BucketUploads(bucket(), encoder);
        uploads.startPass("sender");
        return uploads;
    }

    private ScreenshotBucket bucket() {
        ShipperSettings settings = ShipperSettings.from(aws.environment());
        return new ScreenshotBucket(settings, new AwsClients(settings));
    }
}
