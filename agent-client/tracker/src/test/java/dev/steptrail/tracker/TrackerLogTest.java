package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.internal.outbox.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log messages about the outbox and about losses, read from the output of a process. */
class TrackerLogTest {
    private static final Duration QUIET_PERIOD = Duration.ofMillis(300);

    @TempDir
    Path folder;

    /** Overflows the queue while the writer thread is blocked, breaks its outbox, repairs it, and breaks it again. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
            System.setProperty("org.slf4j.simpleLogger.logFile", "System.out");
            Path outbox = Path.of(arguments[0]);
            CountDownLatch release = new CountDownLatch(1);
            StepTrackerBuilder settings = StepTracker.builder(outbox)
                    .shipping(false)
                    .maxQueuedSteps(5)
                    .maxQueuedBytes(10_000)
                    .redactTexts(text -> {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return text;
                    });
            settings.quietPeriod = QUIET_PERIOD;
            settings.build().close();
            StepTracker tracker = settings.build();

            TrackedTask task = tracker.startTask("do it");
            StepData framed = StepData.ofType("x")
                    .frame(FrameRole.BEFORE, new byte[10_001], false)
                    .build();
            for (int step = 0; step < 10; step++) {
                task.record(framed);
            }
            List<TrackedTask> tasks = new ArrayList<>();
            for (int started = 0; started < 1_000; started++) {
                tasks.add(tracker.startTask("do it"));
            }
            release.countDown();
            pause(tracker);
            for (TrackedTask other : tasks) {
                other.succeeded(null);
                tracker.flush(Duration.ofSeconds(20));
            }

            breakOutbox(outbox);
            for (int step = 0; step < 3; step++) {
                task.record(StepData.ofType("x").build());
            }
            pause(tracker);
            Files.delete(outbox);
            Files.move(outbox.resolveSibling("aside"), outbox);
            pause(tracker);
            breakOutbox(outbox);
            task.end(null, null, null);
            tracker.close();
        }

        private static void breakOutbox(Path outbox) throws Exception {
            Files.move(outbox, outbox.resolveSibling("aside"));
            Files.createFile(outbox);
        }

        private static void pause(StepTracker tracker) throws Exception {
            tracker.flush(Duration.ofSeconds(20));
            Thread.sleep(3 * QUIET_PERIOD.toMillis());
        }
    }

    @Test
    void aNewOutboxAndLosses_areLoggedOnce_andTheEndOfLossesToo() throws Exception {
        Path relative = Path.of("").toAbsolutePath().relativize(folder.resolve("outbox"));
        List<String> log;
        try (ChildProcess agent = ChildProcess.start(Agent.class, relative.toString())) {
            log = agent.lines();
        }

        List<String> expected = List.of(
                "[main] .* Created the outbox /.*; ship this folder.*",
                "[steptrail-writer] .* Steps are being dropped: more than 5 steps .*",
                "[steptrail-writer] .* Screenshots are being dropped: more than 10000 bytes .*",
                "[steptrail-writer] .* Tasks are not being recorded: the queue is full",
                "[steptrail-writer] .* No losses with reason queue_full for 1 s",
                "[steptrail-writer] .* No losses with reason frame_queue_full for 1 s",
                "[steptrail-writer] .* No losses with reason no_task for 1 s",
                "[steptrail-writer] .* the outbox cannot be written to: .*",
                "[steptrail-writer] .* No losses with reason outbox_unwritable for 1 s",
                "[steptrail-writer] .* the outbox cannot be written to: .*",
                "[steptrail-writer] .* The end of task .* will be marked as abandoned");
        assertThat(log).zipSatisfy(expected, (line, pattern) -> assertThat(line).matches("\\" + pattern));
    }
}
