package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.internal.outbox.ChildProcess;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.RecordingDiskSync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class DurabilityTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path outbox;

    /** Records until it is killed, and prints the number of each recorded step. */
    static final class Agent {
        public static void main(String[] arguments) {
            StepTracker tracker = StepTracker.builder(Path.of(arguments[0]))
                    .durability(Durability.WRITTEN)
                    .build();
            TrackedTask task = tracker.startTask("do it");
            System.out.println(task.id());
            while (true) {
                System.out.println(task.record(framed()));
            }
        }
    }

    @Test
    void aRecordedStep_survivesItsKilledProcess() throws Exception {
        UUID task;
        int recorded = 0;
        try (ChildProcess agent = ChildProcess.start(Agent.class, outbox.toString())) {
            task = UUID.fromString(agent.line());
            while (recorded < 300) {
                recorded = Integer.parseInt(agent.line());
            }
            agent.kill();
            // Includes the output before the kill; the last line may be incomplete.
            List<String> printed = agent.lines();
            if (printed.size() > 1) {
                recorded = Integer.parseInt(printed.get(printed.size() - 2));
            }
        }

        List<Integer> inFile = new ArrayList<>();
        for (Step step : RecordedTask.of(outbox, task).steps()) {
            inFile.add(step.stepNumber());
            assertThat(outbox.resolve(task + "/" + step.frames().get(0).file())).hasBinaryContent(Pngs.ofSize(3, 2));
        }
        assertThat(inFile).contains(recorded).hasSize(inFile.get(inFile.size() - 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"WRITTEN", "SYNCED"})
    void aReturnedCall_isWrittenToTheFile(Durability durability) throws Exception {
        try (StepTracker tracker =
                StepTracker.builder(outbox).durability(durability).build()) {
            TrackedTask task = tracker.startTask("do it");
            assertThat(RecordedTask.of(outbox, task).records()).hasSize(1);
            for (int step = 1; step <= 20; step++) {
                task.record(framed());
                assertThat(RecordedTask.of(outbox, task).numbers())
                        .hasSize(step)
                        .endsWith(step);
            }
            Thread.currentThread().interrupt();
            task.record(framed());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(RecordedTask.of(outbox, task).numbers()).endsWith(21);
            task.succeeded(null);
            assertThat(RecordedTask.of(outbox, task).ended().lastStepNumber()).isEqualTo(21);
            assertThat(tracker.stats().unconfirmed()).isZero();
        }
    }

    @Test
    void aStepThatTimesOut_isCountedAndStillWritten() throws Exception {
        try (StepTracker tracker = StepTracker.builder(outbox)
                .durability(Durability.WRITTEN)
                .durabilityTimeout(Duration.ofMillis(1))
                .build()) {
            TrackedTask task = tracker.startTask("do it");
            tracker.flush(SOON);
            long before = tracker.stats().unconfirmed();
            task.record(StepData.ofType("thinking")
                    .thinking("想".repeat(3_000_000)) // takes the writer thread longer than the timeout
                    .build());

            assertThat(tracker.stats().unconfirmed()).isEqualTo(before + 1);
            assertThat(tracker.flush(SOON)).isTrue();
            assertThat(RecordedTask.of(outbox, task).numbers()).containsExactly(1);
        }
    }

    @Test
    void aHangingDisk_isWaitedForOnce_untilItHasCaughtUp() {
        HandoffQueue queue = new HandoffQueue(10, 1_000_000, new LossWarnings(SOON));
        AtomicLong missed = new AtomicLong();
        DurabilityWaiter confirmation = new DurabilityWaiter(queue, Duration.ofMillis(500), missed);

        TrackedTask task = HandoffQueueTest.newTask(new LossCounts());
        queue.start(task);
        queue.record(task, framed());
        assertThat(timeOf(confirmation::await)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        assertThat(timeOf(confirmation::await)).isLessThan(Duration.ofMillis(400));
        assertThat(missed).hasValue(2);

        HandoffQueueTest.take(queue).forEach(queue::complete);
        queue.record(task, framed());
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> HandoffQueueTest.take(queue).forEach(queue::complete));
        confirmation.await();
        assertThat(writer).succeedsWithin(SOON);
        assertThat(missed).hasValue(2);
    }

    @Test
    void synced_forcesStepsScreenshotsAndFolders_butWrittenDoesNot() throws Exception {
        RecordingDiskSync disk = new RecordingDiskSync(outbox);
        Path folder = outbox.toRealPath();
        try (StepTracker tracker =
                new StepTracker(StepTracker.builder(folder).durability(Durability.SYNCED), disk.outbox(folder))) {
            TrackedTask task = tracker.startTask("do it");
            assertThat(disk.forced()).containsExactly(task.id() + "/steps.jsonl", task.id() + "/", "/");
            task.record(framed());
            assertThat(disk.forced())
                    .containsExactly(
                            task.id() + "/frames/1-before.png", task.id() + "/frames/", task.id() + "/steps.jsonl");
            task.succeeded(null);
            assertThat(disk.forced()).startsWith(task.id() + "/steps.jsonl");
        }
        try (StepTracker tracker =
                new StepTracker(StepTracker.builder(folder).durability(Durability.WRITTEN), disk.outbox(folder))) {
            TrackedTask task = tracker.startTask("do it");
            disk.forced();
            task.record(framed());
            assertThat(disk.forced()).isEmpty();
        }
    }

    private static Duration timeOf(Runnable work) {
        long startNanos = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    @Test
    void aClosedTracker_doesNotBlock() {
        StepTracker tracker =
                StepTracker.builder(outbox).durability(Durability.WRITTEN).build();
        tracker.close();

        assertThat(timeOf(() -> {
                    TrackedTask task = tracker.startTask((TaskInfo) null);
                    task.record(framed());
                    task.end(null, null, null);
                }))
                .isLessThan(Duration.ofSeconds(2));
    }

    private static StepData framed() {
        return StepData.ofType("x")
                .frame(FrameRole.BEFORE, Pngs.ofSize(3, 2), false)
                .build();
    }
}
