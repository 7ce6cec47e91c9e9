package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.tracker.internal.outbox.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The losses recorded in a full outbox before the agent is killed. */
class FullOutboxLossesTest {
    private static final int STEPS = 630;

    @TempDir
    Path folder;

    /** Fills its outbox, is idle for a while, and halts without closing the tracker. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            StepTrackerBuilder settings =
                    StepTracker.builder(Path.of(arguments[0])).maxOutboxBytes(1 << 20);
            settings.quietPeriod = Duration.ofMillis(200);
            StepTracker tracker = settings.build();
            TrackedTask task = tracker.startTask("do it");
            System.out.println(task.id());
            StepData step = StepData.ofType("x").thinking("x".repeat(60_000)).build();
            for (int number = 1; number <= STEPS; number++) {
                task.record(step);
            }
            tracker.flush(Duration.ofSeconds(20));
            Thread.sleep(1_000);
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void losses_areWrittenPeriodically_andCompletelyWhenIdle() throws Exception {
        UUID task;
        try (ChildProcess agent =
                ChildProcess.start(Agent.class, folder.resolve("outbox").toString())) {
            task = UUID.fromString(agent.line());
            assertThat(agent.line()).isNull();
        }

        RecordedTask recorded = RecordedTask.of(folder.resolve("outbox"), task);
        List<Losses> losses = recorded.losses();
        assertThat(losses).hasSizeBetween(1, 10);
        assertThat(losses.get(losses.size() - 1).totalDroppedSteps())
                .isEqualTo(STEPS - recorded.steps().size());
    }
}
