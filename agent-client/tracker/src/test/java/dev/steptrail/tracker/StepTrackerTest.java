package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepTrackerTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Path outbox;
    private StepTracker tracker;

    @BeforeEach
    void open() {
        outbox = folder.resolve("outbox");
        tracker = StepTracker.builder(outbox)
                .agent("agent")
                .model("model")
                .deviceId("device")
                .build();
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    @Test
    void aTask_isRecordedFromItsStartToItsEnd() throws Exception {
        UUID before = UUID.randomUUID();
        UUID task = tracker.taskStarted(
                TaskInfo.of("do it").withName("name").continuing(before).withMetadata(Map.of("lab", "north")));
        int first = tracker.record(tap());
        int second = tracker.record(StepData.error("it broke").build());
        tracker.taskEnded(TaskStatus.FAILED, Ending.MODEL_ERROR, "no model");

        assertThat(tracker.flush(SOON)).isTrue();

        Recorded recorded = Recorded.of(outbox, task);
        TaskStarted started = recorded.started();
        assertThat(started.taskId()).isEqualTo(task);
        assertThat(started.description()).isEqualTo("do it");
        assertThat(started.name()).isEqualTo("name");
        assertThat(started.continues()).isEqualTo(before);
        assertThat(started.metadata()).isEqualTo(Map.of("lab", "north"));
        assertThat(List.of(started.agent(), started.model(), started.deviceId()))
                .containsExactly("agent", "model", "device");
        assertThat(List.of(first, second)).containsExactly(1, 2);
        assertThat(recorded.numbers()).containsExactly(1, 2);
        assertThat(recorded.steps().get(1).errorMessage()).isEqualTo("it broke");
        TaskEnded ended = recorded.ended();
        assertThat(ended.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(ended.ending()).isEqualTo(Ending.MODEL_ERROR);
        assertThat(ended.message()).isEqualTo("no model");
        assertThat(ended.lastStepNumber()).isEqualTo(2);
        assertThat(tracker.stats().written()).isEqualTo(2);
        assertThat(tracker.stats().droppedSteps()).isEmpty();
    }

    @Test
    void taskStarted_whileAnotherIsOpen_endsThatAsCancelled() throws Exception {
        UUID first = tracker.taskStarted(TaskInfo.of("one"));
        tracker.record(tap());
        UUID second = tracker.taskStarted(TaskInfo.of("two"));
        int number = tracker.record(tap());
        tracker.flush(SOON);

        assertThat(number).isEqualTo(1);
        assertThat(Recorded.of(outbox, first).ended().status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(Recorded.of(outbox, first).ended().message()).isEqualTo("another task was started");
        assertThat(Recorded.of(outbox, second).numbers()).containsExactly(1);
    }

    @Test
    void record_outsideATask_isCountedAsDropped() throws Exception {
        assertThat(tracker.record(tap())).isZero();
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        assertThat(tracker.record(tap())).isZero();
        tracker.flush(SOON);

        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("no_task", 2L));
        assertThat(Recorded.of(outbox, task).numbers()).isEmpty();
    }

    @Test
    void record_afterClose_isCountedAsDropped() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.close();

        assertThat(tracker.record(tap())).isZero();
        UUID late = tracker.taskStarted(TaskInfo.of("too late"));
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.close();

        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("closed", 1L));
        assertThat(tracker.flush(SOON)).isTrue();
        assertThat(outbox.resolve(late.toString())).doesNotExist();
        assertThat(Recorded.of(outbox, task).ended().status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void close_writesWhatIsQueued() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        IntStream.range(0, 500).forEach(i -> tracker.record(tap()));
        tracker.close();

        assertThat(Recorded.of(outbox, task).steps()).hasSize(500);
    }

    @Test
    void aFullQueue_dropsAndCountsAndLeavesGaps() throws Exception {
        tracker.close();
        tracker = StepTracker.builder(outbox).maxQueuedSteps(1).build();
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.record(StepData.ofType("thinking")
                .thinking("x".repeat(5_000_000)) // keeps the writer thread busy
                .build());
        IntStream.range(0, 5_000).forEach(i -> tracker.record(tap()));
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);

        long dropped = tracker.stats().droppedSteps().get("queue_full");
        Recorded recorded = Recorded.of(outbox, task);
        assertThat(dropped).isPositive();
        assertThat(recorded.steps()).hasSize((int) (5_001 - dropped));
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(5_001);
        List<Long> totals =
                recorded.losses().stream().map(Losses::totalDroppedSteps).toList();
        assertThat(totals).isSorted().doesNotHaveDuplicates().endsWith(dropped);
    }

    @Test
    void moreBytesOfPicturesThanMayWait_costThePicturesAlone() throws Exception {
        tracker.close();
        tracker = StepTracker.builder(outbox).maxQueuedFrameBytes(1_000).build();
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.record(StepData.action(Map.of("action", "Tap"))
                .thinking("kept")
                .frame(FrameRole.BEFORE, new byte[501], true)
                .frame(FrameRole.AFTER, new byte[500], true)
                .build());
        tracker.record(framed(Pngs.ofSize(3, 2)));
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        assertThat(recorded.numbers()).containsExactly(1, 2);
        assertThat(recorded.steps().get(0).thinking()).isEqualTo("kept");
        assertThat(recorded.steps().get(0).frames()).isEmpty();
        assertThat(recorded.steps().get(1).frames()).hasSize(1);
        assertThat(recorded.losses()).singleElement().satisfies(losses -> {
            assertThat(losses.droppedSteps()).isEmpty();
            assertThat(losses.droppedScreenshots()).isEqualTo(Map.of("frame_queue_full", 2L));
        });
        assertThat(tracker.stats().droppedSteps()).isEmpty();
        assertThat(tracker.stats().droppedScreenshots()).isEqualTo(Map.of("frame_queue_full", 2L));
    }

    @Test
    void aStep_hasTheTimeAtWhichItWasTold_butNoneBeforeItsTask() throws Exception {
        StepData early = tap();
        Thread.sleep(2);
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        StepData ready = tap();
        Thread.sleep(2);
        Instant after = Instant.now();
        tracker.record(early);
        tracker.record(ready);
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        Instant started = recorded.started().timestamp();
        assertThat(recorded.steps().get(0).timestamp()).isEqualTo(started);
        assertThat(recorded.steps().get(1).timestamp()).isBetween(started, after.minusMillis(1));
    }

    @Test
    void stats_tellWhatWasWritten() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        byte[] png = Pngs.ofSize(3, 2);
        tracker.record(framed(png));
        tracker.flush(SOON);

        TrackerStats stats = tracker.stats();
        long lines = Files.size(outbox.resolve(task + "/steps.jsonl"));
        assertThat(stats)
                .isEqualTo(new TrackerStats(
                        0, 0, 1, lines + png.length, Map.of(), Map.of(), 0, 0, 0, null, null, null, null));
    }

    @Test
    void aPictureThatIsNone_isCountedAndItsStepKept() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.record(framed("no picture".getBytes(StandardCharsets.UTF_8)));
        tracker.record(framed(Pngs.ofSize(3, 2)));
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        assertThat(recorded.steps().get(0).frames()).isEmpty();
        assertThat(recorded.steps().get(1).frames()).singleElement().satisfies(frame -> assertThat(
                        List.of(frame.file(), frame.width(), frame.height(), frame.sensitive()))
                .containsExactly("frames/2-before.png", 3, 2, true));
        assertThat(outbox.resolve(task + "/frames/2-before.png")).hasBinaryContent(Pngs.ofSize(3, 2));
        assertThat(recorded.losses()).singleElement().satisfies(losses -> assertThat(losses.droppedScreenshots())
                .isEqualTo(Map.of("not_an_image", 1L)));
        assertThat(tracker.stats().droppedScreenshots()).isEqualTo(Map.of("not_an_image", 1L));
    }

    @Test
    void anOutboxThatCannotBeMade_isToldWhenTheTrackerIsBuilt() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> StepTracker.builder(file).build())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the outbox " + file + " cannot be made")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void settingsThatCannotBe_areRefusedByName() {
        StepTrackerBuilder builder = StepTracker.builder(outbox);

        assertThatThrownBy(() -> builder.maxQueuedSteps(0)).hasMessage("maxQueuedSteps must be 1 to 1000000, but is 0");
        assertThatThrownBy(() -> builder.maxQueuedSteps(Integer.MAX_VALUE)).hasMessageContaining("maxQueuedSteps");
        assertThatThrownBy(() -> builder.maxQueuedFrameBytes(0)).hasMessageContaining("maxQueuedFrameBytes");
        assertThatThrownBy(() -> builder.durabilityTimeout(Duration.ZERO)).hasMessageContaining("durabilityTimeout");
        assertThatThrownBy(() -> builder.closeTimeout(Duration.ofSeconds(-1))).hasMessageContaining("closeTimeout");
    }

    @Test
    void aBuilderUsedAgain_leavesItsFirstTrackerAsItWas() throws Exception {
        StepTrackerBuilder builder = StepTracker.builder(outbox).agent("first");
        try (StepTracker first = builder.build();
                StepTracker second = builder.agent("second").build()) {
            UUID task = first.taskStarted(TaskInfo.of("do it"));
            UUID other = second.taskStarted(TaskInfo.of("do it"));
            first.flush(SOON);
            second.flush(SOON);

            assertThat(Recorded.of(outbox, task).started().agent()).isEqualTo("first");
            assertThat(Recorded.of(outbox, other).started().agent()).isEqualTo("second");
        }
    }

    @Test
    void aCloseTimeoutOfNothing_doesNotWait() {
        tracker.close();
        tracker = StepTracker.builder(outbox).closeTimeout(Duration.ZERO).build();

        long begun = System.nanoTime();
        tracker.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void anOutboxThatIsBrokenForAWhile_costsOnlyTheStepsOfThatWhile() throws Exception {
        breakOutbox();
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.record(tap());
        tracker.record(tap());
        assertThat(tracker.flush(SOON)).isTrue();
        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("outbox_unwritable", 2L));
        assertThat(tracker.stats().lastError()).contains(outbox.getFileName().toString());

        mendOutbox();
        tracker.record(tap());
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        assertThat(recorded.numbers()).containsExactly(3);
        assertThat(recorded.losses()).extracting(Losses::droppedSteps).containsExactly(Map.of("outbox_unwritable", 2L));
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(3);
    }

    @Test
    void anOutboxThatComesBack_hasTheRestOfItsTask() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.record(tap());
        tracker.flush(SOON);
        breakOutbox();
        tracker.record(tap());
        tracker.flush(SOON);
        mendOutbox();
        tracker.record(tap());
        tracker.flush(SOON);

        assertThat(Recorded.of(outbox, task).numbers()).containsExactly(1, 3);
    }

    @Test
    void anOutboxThatIsRemovedWhileATaskIsRecorded_isMadeAnew() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.record(tap());
        tracker.flush(SOON);
        Files.move(outbox, folder.resolve("elsewhere"));
        tracker.record(tap());
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        assertThat(recorded.started().description()).isEqualTo("do it");
        assertThat(recorded.numbers()).containsExactly(2);
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(2);
    }

    @Test
    void anEndThatCannotBeWritten_isWrittenLater() throws Exception {
        breakOutbox();
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);
        mendOutbox();
        tracker.close();

        assertThat(Recorded.of(outbox, task).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anEndThatCouldNotBeWritten_isWrittenBeforeTheNextTaskBegins() throws Exception {
        UUID first = tracker.taskStarted(TaskInfo.of("one"));
        tracker.flush(SOON);
        breakOutbox();
        tracker.record(tap());
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);
        mendOutbox();
        UUID second = tracker.taskStarted(TaskInfo.of("two"));
        tracker.flush(SOON);

        assertThat(Recorded.of(outbox, first).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(Recorded.of(outbox, first).losses())
                .extracting(Losses::droppedSteps)
                .containsExactly(Map.of("outbox_unwritable", 1L));
        assertThat(Recorded.of(outbox, second).started().description()).isEqualTo("two");
        assertThat(tracker.stats().lostEnds()).isZero();
    }

    @Test
    void anEndThatCanNeverBeWritten_isCountedOnce() throws Exception {
        tracker.taskStarted(TaskInfo.of("one"));
        tracker.flush(SOON);
        breakOutbox();
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);
        assertThat(tracker.stats().lostEnds()).isZero();
        tracker.taskStarted(TaskInfo.of("two"));
        tracker.flush(SOON);
        assertThat(tracker.stats().lostEnds()).isEqualTo(1);

        tracker.close();
        assertThat(tracker.stats().lostEnds()).isEqualTo(2);
    }

    @Test
    void closeAndFlush_ofAnIdleTracker_takeNoTime() throws Exception {
        Duration fastestFlush = SOON;
        Duration fastestClose = SOON;
        for (int round = 0; round < 5; round++) {
            StepTracker idle = StepTracker.builder(outbox).build();
            Thread.sleep(20);
            fastestFlush = shorter(fastestFlush, () -> idle.flush(SOON));
            Thread.sleep(20);
            fastestClose = shorter(fastestClose, idle::close);
        }

        assertThat(fastestFlush).isLessThan(Duration.ofMillis(50));
        assertThat(fastestClose).isLessThan(Duration.ofMillis(50));
    }

    private static Duration shorter(Duration before, Runnable work) {
        long begun = System.nanoTime();
        work.run();
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);
        return taken.compareTo(before) < 0 ? taken : before;
    }

    @Test
    void close_onABrokenOutbox_endsAllTheSame() throws Exception {
        tracker.taskStarted(TaskInfo.of("do it"));
        tracker.flush(SOON);
        breakOutbox();
        tracker.record(tap());

        tracker.close();

        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("outbox_unwritable", 1L));
    }

    @Test
    void threadsThatRecordAtOnce_getNumbersOfTheirOwnAndWholeLines() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        StepData step = framed(Pngs.ofSize(1, 1));
        atOnce(4, () -> {
            for (int i = 0; i < 100; i++) {
                numbers.add(tracker.record(step));
            }
            return null;
        });
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        assertThat(numbers).hasSize(400).contains(1, 400);
        assertThat(recorded.numbers()).containsExactlyInAnyOrderElementsOf(numbers);
    }

    @Test
    void threadsThatRecordAtOnce_findTheirOwnStepUnderItsNumberAndTime() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        Map<Integer, StepData> told = new ConcurrentHashMap<>();
        atOnce(4, () -> {
            for (int i = 0; i < 500; i++) {
                StepData step = StepData.ofType("x")
                        .thinking(Thread.currentThread().getName() + i)
                        .build();
                told.put(tracker.record(step), step);
            }
            return null;
        });
        tracker.flush(SOON);

        List<Step> steps = Recorded.of(outbox, task).steps();
        assertThat(steps).hasSize(2_000).allSatisfy(step -> {
            StepData original = told.get(step.stepNumber());
            assertThat(step.thinking()).isEqualTo(original.thinking);
            assertThat(step.timestamp()).isEqualTo(original.timestamp.truncatedTo(ChronoUnit.MICROS));
        });
    }

    @Test
    void tasksThatBeginAndEndWhileOthersRecord_areEachWhole() throws Exception {
        Set<UUID> tasks = ConcurrentHashMap.newKeySet();
        atOnce(3, () -> {
            for (int i = 0; i < 40; i++) {
                tasks.add(tracker.taskStarted(TaskInfo.of("do it")));
                tracker.record(tap());
                tracker.taskEnded(TaskStatus.SUCCEEDED, null);
                tracker.record(tap());
            }
            return null;
        });
        tracker.flush(SOON);

        long recorded = 0;
        for (UUID id : tasks) {
            Recorded task = Recorded.of(outbox, id);
            recorded += task.steps().size();
            assertThat(task.numbers()).doesNotHaveDuplicates().allMatch(number -> number <= lastOf(task));
        }
        long dropped = tracker.stats().droppedSteps().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(tasks).hasSize(120);
        assertThat(recorded + dropped).isEqualTo(240);
        assertThat(tracker.stats().droppedSteps().keySet()).isSubsetOf("no_task");
    }

    @Test
    void severalTrackersOnOneOutbox_doNotDisturbEachOther() throws Exception {
        try (StepTracker other = StepTracker.builder(outbox).build()) {
            UUID mine = tracker.taskStarted(TaskInfo.of("mine"));
            UUID theirs = other.taskStarted(TaskInfo.of("theirs"));
            tracker.record(tap());
            other.record(tap());
            tracker.flush(SOON);
            other.flush(SOON);

            assertThat(Recorded.of(outbox, mine).numbers()).containsExactly(1);
            assertThat(Recorded.of(outbox, theirs).numbers()).containsExactly(1);
        }
    }

    private static int lastOf(Recorded task) {
        return task.ended().lastStepNumber();
    }

    private static StepData tap() {
        return StepData.action(Map.of("action", "Tap", "element", List.of(1, 2)))
                .succeeded()
                .build();
    }

    private static StepData framed(byte[] png) {
        return StepData.action(Map.of("action", "Tap"))
                .frame(FrameRole.BEFORE, png, true)
                .build();
    }

    private static void atOnce(int threads, Callable<Void> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> done : pool.invokeAll(Collections.nCopies(threads, work))) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Permissions do not stop a root user, a file in the place of the folder stops everybody. */
    private void breakOutbox() throws IOException {
        Files.move(outbox, folder.resolve("aside"));
        Files.createFile(outbox);
    }

    private void mendOutbox() throws IOException {
        Files.delete(outbox);
        Files.move(folder.resolve("aside"), outbox);
    }
}
