package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.tracker.internal.outbox.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that exits without closing its tracker. */
class FlushOnShutdownTest {
    private static final int STEPS = 300;

    /** The maximum wait for the writer thread at exit, whatever the configured timeout. */
    private static final Duration MAX_EXIT_TIME = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    /** Records faster than the writer thread writes, and exits. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            long pause = Long.parseLong(arguments[1]);
            StepTracker tracker = StepTracker.builder(Path.of(arguments[0]))
                    .closeTimeout(Duration.ofMillis(Long.parseLong(arguments[2])))
                    .redactTexts(text -> {
                        try {
                            Thread.sleep(pause);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return text;
                    })
                    .build();
            TrackedTask task = tracker.startTask(TaskInfo.UNKNOWN);
            System.out.println(task.id());
            for (int number = 1; number <= STEPS; number++) {
                task.record(StepData.ofType("x").thinking("x").build());
            }
        }
    }

    @Test
    void eventsQueuedAtExit_areWritten() throws Exception {
        try (ChildProcess agent = agent(2, 5_000)) {
            UUID task = UUID.fromString(agent.line());
            assertThat(agent.line()).isNull();

            assertThat(RecordedTask.of(folder.resolve("outbox"), task).numbers())
                    .hasSize(STEPS);
        }
    }

    @Test
    void aHangingWriterThread_doesNotBlockTheExit() throws Exception {
        try (ChildProcess agent = agent(1_000_000, 100)) {
            agent.line();
            long startNanos = System.nanoTime();
            assertThat(agent.line()).isNull();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(MAX_EXIT_TIME);
        }
    }

    private ChildProcess agent(long pauseMillis, long closeTimeoutMillis) throws Exception {
        return ChildProcess.start(
                Agent.class,
                folder.resolve("outbox").toString(),
                String.valueOf(pauseMillis),
                String.valueOf(closeTimeoutMillis));
    }
}
