package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.Screen;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shipper has no dependency on a logging back end, so that the agent's is the only one. */
@Tag("slow")
class LoggingIT extends LocalAwsTestBase {
    /** An agent that embeds tracker and shipper, and records one step with a screenshot. Uses no test library. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            BufferedImage screen = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
            try (StepTracker tracker = StepTracker.builder(Path.of(arguments[0]))
                            .shippingTimeout(Duration.ofMinutes(1))
                            .build();
                    TrackedTask task = tracker.startTask("Open the camera")) {
                task.record(StepData.action(Map.of("action", "Tap"))
                        .frame(FrameRole.BEFORE, Screen.ofImage(screen, false))
                        .succeeded()
                        .build());
                task.succeeded(null);
                tracker.close();
                System.out.println("shipped " + tracker.stats().shipped());
            }
        }
    }

    @Test
    void agentWithLogback_withoutSettings_receivesShipperLog_andRecordsStayInOutbox() throws Exception {
        assertThat(logOfAgent(Map.of()))
                .anyMatch(line -> line.matches(".* INFO .*STEPTRAIL_QUEUE_URL.*"))
                .contains("shipped null");
        assertThat(outbox.tasks()).hasSize(1);
    }

    @Test
    void agentWithLogback_shipping_receivesHttpClientLogWithoutWarning() throws Exception {
        List<String> log = logOfAgent(aws.environment());

        assertThat(aws.records())
                .filteredOn(Step.class::isInstance)
                .singleElement(InstanceOfAssertFactories.type(Step.class))
                .satisfies(step -> assertThat(step.screenshots()).hasSize(1));
        assertThat(outbox.tasks()).isEmpty();
        assertThat(log)
                .contains("shipped 1")
                .anyMatch(line -> line.matches("\\S+ \\[[^]]*] DEBUG org\\.apache\\.http\\.headers .*"))
                .noneMatch(line -> line.matches("\\S+ \\[[^]]*] (WARN|ERROR) .*"));
    }

    /** Runs the agent with Logback and the shipper's runtime class path. Its standard error must be empty. */
    private List<String> logOfAgent(Map<String, String> settings) throws Exception {
        String classPath = Stream.of("shipper.jar", "lib/*", "test-classes", "logback/*")
                .map(entry -> Path.of("target").toAbsolutePath() + "/" + entry)
                .collect(Collectors.joining(File.pathSeparator));
        Path errors = folder.resolve("err");
        ProcessBuilder command =
                JavaProcess.of(Agent.class, outbox.folder().toString()).redirectError(errors.toFile());
        Collections.replaceAll(command.command(), System.getProperty("java.class.path"), classPath);
        command.environment().keySet().removeIf(name -> name.startsWith("STEPTRAIL_"));
        command.environment().putAll(settings);
        Process agent = command.start();
        String log = new String(agent.getInputStream().readAllBytes(), UTF_8);

        assertThat(agent.waitFor()).isZero();
        assertThat(Files.readString(errors)).isEmpty();
        return log.lines().toList();
    }
}
