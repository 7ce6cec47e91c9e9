package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.internal.outbox.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log messages about losses, read from the output of a process. */
class LossWarningTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration QUIET_PERIOD = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    /** Overflows the queue with steps, then with screenshots, then breaks its outbox; waits for input in between. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
            System.setProperty("org.slf4j.simpleLogger.logFile", "System.out");
            Path outbox = Path.of(arguments[0]);
            StepTrackerBuilder settings =
                    StepTracker.builder(outbox).maxQueuedSteps(5).maxQueuedBytes(10_000_001 + 1024);
            settings.quietPeriod = QUIET_PERIOD;
            StepTracker tracker = settings.build();
            TrackedTask task = tracker.startTask("do it");
            StepData large =
                    StepData.ofType("x").thinking("x".repeat(5_000_000)).build();
            for (int step = 0; step < 1_000; step++) {
                task.record(large);
            }
            pause(tracker);
            StepData framed = StepData.ofType("x")
                    .frame(FrameRole.BEFORE, new byte[10_002_000], false)
                    .build();
            for (int step = 0; step < 20; step++) {
                task.record(framed);
                Thread.sleep(5); // the queue becomes empty in between, which does not end the losses
            }
            pause(tracker);
            Path aside = outbox.resolveSibling("aside");
            Files.move(outbox, aside);
            Files.createFile(outbox);
            for (int step = 0; step < 3; step++) {
                task.record(StepData.ofType("x").build());
            }
            pause(tracker);
            Files.delete(outbox);
            Files.move(aside, outbox);
            task.record(StepData.ofType("x").build());
            pause(tracker);
            Files.move(outbox, aside);
            Files.createFile(outbox);
            task.end(null, null, null);
            tracker.close();
        }

        private static void pause(StepTracker tracker) throws IOException {
            tracker.flush(SOON);
            System.in.read();
        }
    }

    /** Breaks its outbox briefly and records nothing afterwards. */
    static final class IdleAgent {
        public static void main(String[] arguments) throws Exception {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
            System.setProperty("org.slf4j.simpleLogger.logFile", "System.out");
            Path outbox = Path.of(arguments[0]);
            StepTrackerBuilder settings = StepTracker.builder(outbox);
            settings.quietPeriod = Duration.ofMillis(300);
            StepTracker tracker = settings.build();
            Files.move(outbox, outbox.resolveSibling("aside"));
            Files.createFile(outbox);
            tracker.startTask("do it");
            tracker.flush(SOON);
            Files.delete(outbox);
            Thread.sleep(2_000);
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void theEndOfLosses_isLogged_evenWithoutFurtherSteps() throws Exception {
        try (ChildProcess agent =
                ChildProcess.start(IdleAgent.class, folder.resolve("outbox").toString())) {
            assertThat(agent.line()).contains("the outbox cannot be written to");
            assertThat(agent.line()).contains("No losses with reason outbox_unwritable for 1 s");
            assertThat(agent.line()).isNull();
        }
    }

    @Test
    void losses_areLoggedWhenTheyStartAndWhenTheyEnd() throws Exception {
        try (ChildProcess agent =
                ChildProcess.start(Agent.class, folder.resolve("outbox").toString())) {
            assertThat(agent.line())
                    .contains("[steptrail-writer]")
                    .contains("Steps are being dropped: more than 5 steps");
            assertThat(agent.line())
                    .contains("[steptrail-writer]")
                    .contains("No losses with reason queue_full for 1 s");
            agent.sendLine();
            assertThat(agent.line()).contains("Screenshots are being dropped: more than 10001025 bytes");
            assertThat(agent.line()).contains("No losses with reason frame_queue_full for 1 s");
            agent.sendLine();
            assertThat(agent.line()).contains("the outbox cannot be written to");
            Thread.sleep(
                    QUIET_PERIOD.plusMillis(200).toMillis()); // losses end with a successful write, not with time alone
            agent.sendLine();
            assertThat(agent.line()).contains("No losses with reason outbox_unwritable for 1 s");
            agent.sendLine();
            assertThat(agent.line()).contains("the outbox cannot be written to");
            assertThat(agent.line()).contains("The end of task").contains("will be marked as abandoned");
            assertThat(agent.line()).isNull();
        }
    }
}
