package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.shipper.internal.screenshot.WebpHeader;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Delivery to SQS and S3, with the same tests for each implementation of these. */
abstract class DeliveryContract extends LocalAwsTestBase {
    @Test
    void endedTask_isDelivered_andFolderIsRemoved() throws Exception {
        byte[] screen = Screens.drawn(1);
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            writer.append(task.step(1, "one", writer.writeFrame(1, FrameRole.BEFORE, screen, true, TaskRecords.TIME)));
            writer.append(task.ended());
        }

        ShipCounts counts = ship();

        List<StepRecord> records = aws.records();
        assertThat(records).hasSize(3).contains(task.started(), task.ended());
        Step step = (Step) records.get(1);
        assertThat(step.frames()).isEmpty();
        Screenshot screenshot = step.screenshots().get(0);
        byte[] stored = aws.object(screenshot.screenshotPath());
        assertThat(WebpHeader.of(stored)).isEqualTo(new WebpHeader(1080, 2400));
        assertThat(screenshot.screenshotPath())
                .isEqualTo("screenshots/sender/" + task.task() + "/" + screenshot.fileHash() + ".webp");
        assertThat(screenshot.fileSize()).isEqualTo(stored.length);
        assertThat(screenshot.originalSize()).isEqualTo(screen.length);
        assertThat(List.of(screenshot.width(), screenshot.height())).containsExactly(1080, 2400);
        assertThat(screenshot.format()).isEqualTo("webp");
        assertThat(screenshot.sensitive()).isTrue();
        assertThat(screenshot.capturedAt()).isEqualTo(TaskRecords.TIME);
        assertThat(screenshot.perceptualHash()).matches("[0-9a-f]{16}");
        assertThat(WebpHeader.of(aws.object(String.valueOf(screenshot.thumbnailPath()))))
                .isEqualTo(new WebpHeader(270, 600));
        assertThat(outbox.folder().resolve(task.task().toString())).doesNotExist();
        assertThat(List.of(counts.records(), counts.screenshots(), counts.tasks(), counts.messages()))
                .containsExactly(3L, 1L, 1L, 1L);
    }

    @Test
    void openTask_isShippedUpToItsLastLine() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task());
                Shipper shipper = open(Clock.systemUTC())) {
            writer.append(task.started());
            writer.append(task.step(1, "one", writer.writeFrame(1, FrameRole.BEFORE, Screens.drawn(1), false, null)));
            shipper.shipAll();
            assertThat(aws.records()).hasSize(2);
            assertThat(outbox.folder().resolve(task.task() + "/frames")).isEmptyDirectory();

            writer.append(task.step(2, "two"));
            writer.append(task.ended());
            shipper.shipAll();
            assertThat(aws.records()).containsExactlyInAnyOrder(task.step(2, "two"), task.ended());
            assertThat(outbox.task(task.task())).isPresent();
        }
        ship();
        assertThat(outbox.tasks()).isEmpty();
        assertThat(aws.records()).isEmpty();
    }

    @Test
    void largeRecords_areSentInMessagesWithinLimits() throws Exception {
        // A record just under the limit after one with which the message would exceed it, then incompressible records.
        List<StepRecord> written = new ArrayList<>(List.of(
                task.started(), task.step(1, noise(60_000)), task.step(2, "x".repeat(8 * 1024 * 1024 - 2_000))));
        for (int number = 3; number < 12; number++) {
            written.add(task.step(number, noise(number % 2 == 0 ? 100 : 150_000)));
        }
        written.add(task.ended());
        write(written.toArray(StepRecord[]::new));

        assertThat(ship().rejected()).isZero();

        List<MessageBody> messages = aws.messages();
        assertThat(messages).allMatch(message -> message.text().length() <= 240 * 1024);
        assertThat(aws.records(messages)).hasSameSizeAs(written).contains(task.started(), task.ended());
        assertThat(aws.records(messages))
                .filteredOn(Step.class::isInstance)
                .map(Step.class::cast)
                .allSatisfy(step -> {
                    boolean isMoved = step.stepNumber() == 2 || (step.stepNumber() > 2 && step.stepNumber() % 2 == 1);
                    assertThat(step.attachments()).hasSize(isMoved ? 1 : 0);
                });
    }

    @Test
    void textWithCharactersInvalidInSqs_isDelivered() throws Exception {
        Step odd = task.step(1, "a\uFFFEb\uFFFFc\u0001\u007f");
        write(task.started(), odd, task.ended());

        ship();

        assertThat(aws.records()).containsExactly(task.started(), odd, task.ended());
    }
}
