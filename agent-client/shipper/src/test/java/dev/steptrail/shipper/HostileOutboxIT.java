package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.MovableClock;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task with a malicious writer does not affect other tasks. */
@Timeout(60)
class HostileOutboxIT extends LocalAwsTestBase {
    private static final long MIB = 1024 * 1024;
    private static final long GIB = 1024 * MIB;

    private final TaskRecords hostile = TaskRecords.newTask();

    @Test
    void endlessLine_doesNotDelayOtherTasks() throws Exception {
        write(hostile, hostile.started());
        lengthenHostile(500 * GIB); // reading this takes minutes
        write(task.started(), task.step(1, "one"), task.ended());
        MovableClock clock = new MovableClock();
        try (Shipper shipper = open(clock)) {
            Thread shipping = new Thread(() -> shipDue(shipper));
            shipping.start();
            assertThat(records(4)).contains(hostile.started(), task.started(), task.step(1, "one"), task.ended());

            clock.forward(10); // the longest pass is over
            shipping.join();
            assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(hostile.task());

            write(task.started(), task.ended());
            Thread next = new Thread(() -> shipDue(shipper));
            next.start();
            assertThat(records(2)).containsExactly(task.started(), task.ended());
            clock.forward(10);
            next.join();
            assertThat(shipper.counts().rejected()).isZero();
        }
    }

    private static void shipDue(Shipper shipper) {
        try {
            assertThat(shipper.shipDue()).isFalse();
        } catch (IOException | ShipException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until {@code count} records have arrived. */
    private List<StepRecord> records(int count) throws Exception {
        List<StepRecord> records = new ArrayList<>();
        while (records.size() < count) {
            records.addAll(aws.records());
        }
        return records;
    }

    @Test
    void overlongLine_isRejectedOnce_andRestIsDelivered() throws Exception {
        write(hostile, hostile.started());
        Files.writeString(steps(hostile), "{\"v\":1,", APPEND);
        lengthenHostile(40 * MIB);
        try (Shipper shipper = open(Clock.systemUTC())) {
            shipper.shipAll();
            assertThat(aws.records()).containsExactly(hostile.started());
            assertThat(shipper.counts().rejected()).isZero();

            lengthenHostile(60 * MIB);
            shipper.shipAll();
            Files.writeString(
                    steps(hostile), "\n" + text(hostile.step(1, "one")) + "\n" + text(hostile.ended()) + "\n", APPEND);
            shipper.shipAll();
            assertThat(aws.records()).containsExactly(hostile.step(1, "one"), hostile.ended());
            assertThat(shipper.counts().rejected()).isEqualTo(1);
        }
        assertThat(outbox.tasks()).isEmpty();
        Path rejected = outbox.folder().resolve("rejected/" + hostile.task() + ".jsonl");
        assertThat(Files.readString(rejected)).startsWith("{\"v\":1,").hasSize(64 * 1024 + 1);
    }

    @Test
    void endlessLine_isRejected_sixHoursAfterLastWrite() throws Exception {
        write(hostile, hostile.started());
        lengthenHostile(256 * MIB);

        ShipCounts counts = ship(Instant.now().plus(Duration.ofHours(7)));

        assertThat(counts.rejected()).isEqualTo(1);
        assertThat(aws.records())
                .hasSize(2)
                .startsWith(hostile.started())
                .element(1)
                .satisfies(end -> assertThat(((TaskEnded) end).status()).isEqualTo(TaskStatus.ABANDONED));
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void stepWithThousandsOfScreenshots_losesThoseOverLimit_andDoesNotDelayOtherTasks() throws Exception {
        try (TaskWriter writer = outbox.newTask(hostile.task())) {
            Frame frame = writer.writeFrame(1, FrameRole.OTHER, Screens.small(1), false, null);
            writer.append(hostile.step(1, "", Collections.nCopies(5_000, frame).toArray(Frame[]::new)));
            for (int number = 2; number <= 20; number++) {
                writer.append(hostile.step(number, ""));
            }
            writer.append(hostile.ended());
        }
        write(task.started(), task.ended());

        ShipCounts counts = ship();

        List<StepRecord> records = aws.records();
        assertThat(records)
                .contains(task.started(), task.ended(), hostile.ended())
                .hasSize(23);
        Step step = (Step) records.stream()
                .filter(record -> record instanceof Step first && first.stepNumber() == 1)
                .findFirst()
                .orElseThrow();
        assertThat(step.screenshots()).hasSize(Step.MAX_SCREENSHOTS);
        assertThat(step.unknown())
                .isEqualTo(Map.of(
                        "lost_screenshots",
                        List.of(Map.of("role", "other", "count", 4_900, "reason", "a step may have at most 100"))));
        assertThat(counts.lostScreenshots()).isEqualTo(4_900);
        assertThat(outbox.tasks()).isEmpty();
    }

    /** Appends zero bytes as a hole, which takes no disk space. */
    private void lengthenHostile(long to) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(steps(hostile).toFile(), "rw")) {
            file.setLength(to);
        }
    }

    private static String text(StepRecord record) {
        return new String(RecordCodec.encode(record), UTF_8);
    }
}
