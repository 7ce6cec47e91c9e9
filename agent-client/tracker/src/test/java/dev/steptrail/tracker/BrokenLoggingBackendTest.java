package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.tracker.internal.outbox.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** A logging back end with missing classes, for example because two versions are mixed. */
class BrokenLoggingBackendTest {
    @TempDir
    Path folder;

    /** Throws when a logger is created. */
    public static final class Backend implements SLF4JServiceProvider {
        @Override
        public ILoggerFactory getLoggerFactory() {
            return name -> {
                throw new NoClassDefFoundError("org/example/Appender");
            };
        }

        @Override
        public IMarkerFactory getMarkerFactory() {
            return new BasicMarkerFactory();
        }

        @Override
        public MDCAdapter getMDCAdapter() {
            return new NOPMDCAdapter();
        }

        @Override
        public String getRequestedApiVersion() {
            return "2.0.99";
        }

        @Override
        public void initialize() {}
    }

    /** Breaks its outbox temporarily and overflows its queue, which both log warnings. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            System.setProperty("slf4j.provider", Backend.class.getName());
            Path outbox = Path.of(arguments[0]);
            StepTracker tracker = StepTracker.builder(outbox).maxQueuedSteps(1).build();
            TrackedTask task = tracker.startTask("do it");
            tracker.flush(Duration.ofSeconds(20));
            Path aside = outbox.resolveSibling("aside");
            Files.move(outbox, aside);
            Files.createFile(outbox);
            for (int step = 0; step < 2_000; step++) {
                task.record(StepData.ofType("x").build());
            }
            tracker.flush(Duration.ofSeconds(20));
            Files.delete(outbox);
            Files.move(aside, outbox);
            int number = task.record(StepData.ofType("x").build());
            System.out.println(tracker.flush(Duration.ofSeconds(5)) + " " + number);
            System.out.println(tracker.stats().droppedSteps().keySet());
            System.out.println(RecordedTask.of(outbox, task).numbers());
            tracker.close();
        }
    }

    @Test
    void errorsOfTheBackend_affectNeitherTheAgentNorTheWriterThread() throws Exception {
        try (ChildProcess agent =
                ChildProcess.start(Agent.class, folder.resolve("outbox").toString())) {
            assertThat(agent.line()).isEqualTo("true 2001");
            assertThat(agent.line()).isEqualTo("[outbox_unwritable, queue_full]");
            assertThat(agent.line()).isEqualTo("[2001]");
        }
    }
}
