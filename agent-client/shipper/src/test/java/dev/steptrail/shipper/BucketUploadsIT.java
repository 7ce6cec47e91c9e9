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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Stores frames in a real S3 server with real encoders, on several threads. */
@Isolated("removes the encoder for the whole process")
class BucketUploadsIT extends LocalAwsTestBase {
    @Test
    void concurrentUploads_storeEachScreenshotOnce() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            BucketUploads uploads = uploads(new WebpEncoder(new WebpSettings(75, 0, 4)));
            List<Frame> frames = new ArrayList<>();
            for (int number = 1; number <= 12; number++) {
                byte[] png = Screens.drawn(number % 3 == 0 ? 1 : number % 3 == 1 ? 2 : 22);
                frames.add(writer.writeFrame(number, FrameRole.BEFORE, png, number % 2 == 0, null));
            }
            OutboxTask written = outbox.task(task.task()).orElseThrow();

            List<Screenshot> shipped = new ArrayList<>();
            List<Future<Screenshot>> results = frames.stream()
                    .map(frame -> uploads.startUpload(written, frame))
                    .toList();
            for (Future<Screenshot> result : results) {
                shipped.add(result.get());
            }
            uploads.close();

            Set<String> named = new HashSet<>();
            for (int i = 0; i < 12; i++) {
                Screenshot screenshot = shipped.get(i);
                named.add(screenshot.screenshotPath());
                named.add(String.valueOf(screenshot.thumbnailPath()));
                assertThat(screenshot.sensitive()).isEqualTo(frames.get(i).sensitive());
                assertThat(screenshot.fileHash()).isEqualTo(shipped.get(i % 3).fileHash());
                assertThat(screenshot.screenshotPath())
                        .isEqualTo(shipped.get(i % 3).screenshotPath());
            }
            for (int i = 0; i < 3; i++) {
                BufferedImage original =
                        Pixels.ofPng(written.readFrame(frames.get(i).file()));
                BufferedImage stored = Pixels.ofWebp(aws.object(shipped.get(i).screenshotPath()));
                assertThat(Pixels.difference(stored, original, Pixels.all(original)))
                        .isLessThan(2);
            }
            assertThat(aws.keys()).hasSize(6).containsExactlyInAnyOrderElementsOf(named);
        }
    }

    @Test
    void redactedRegions_areRecordedInScreenshot() throws Exception {
        Region region = new Region(10, 20, 300, 400);
        BufferedImage screen = new BufferedImage(320, 430, BufferedImage.TYPE_INT_RGB);
        try (TaskWriter writer = outbox.newTask(task.task())) {
            Frame frame = writer.writeFrame(1, FrameRole.BEFORE, Pixels.png(screen), false, List.of(region), null);

            Screenshot shipped = uploads(new WebpEncoder(WebpSettings.DEFAULT))
                    .startUpload(outbox.task(task.task()).orElseThrow(), frame)
                    .get();

            assertThat(shipped.redactedRegions()).containsExactly(region);
            assertThat(Pixels.difference(
                            Pixels.ofWebp(aws.object(shipped.screenshotPath())), screen, Pixels.all(screen)))
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
