package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.tracker.internal.outbox.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log messages about tasks that do not fit into the queue, read from the output of a process. */
class TaskWarningTest {
    @TempDir
    Path folder;

    /** Starts more tasks than the queue can hold while the writer thread is blocked. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
            System.setProperty("org.slf4j.simpleLogger.logFile", "System.out");
            CountDownLatch release = new CountDownLatch(1);
            StepTrackerBuilder settings = StepTracker.builder(Path.of(arguments[0]))
                    .maxQueuedSteps(1)
                    .redactTexts(text -> {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return text;
                    });
            settings.quietPeriod = Duration.ofMillis(300);
            StepTracker tracker = settings.build();
            for (int task = 0; task < 1_000; task++) {
                tracker.startTask("do it");
            }
            release.countDown();
            tracker.flush(Duration.ofSeconds(20));
            Thread.sleep(700);
            tracker.close();
        }
    }

    @Test
    void tasksThatDoNotFit_areLoggedOnce_byTheWriterThread() throws Exception {
        List<String> logLines;
        try (ChildProcess agent =
                ChildProcess.start(Agent.class, folder.resolve("outbox").toString())) {
            logLines = agent.lines();
        }

        assertThat(logLines).hasSize(2).allSatisfy(line -> assertThat(line).contains("[steptrail-writer]"));
        assertThat(logLines.get(0)).contains("Tasks are not being recorded: the queue is full");
        assertThat(logLines.get(1)).contains("No losses with reason no_task");
    }
}
