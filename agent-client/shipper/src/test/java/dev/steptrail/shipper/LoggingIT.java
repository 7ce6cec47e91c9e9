package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.tracker.StepTracker;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipper brings no logging back end, so that an agent's own is the only one. */
class LoggingIT {
    @TempDir
    Path folder;

    /** Embeds tracker and shipper, without the settings that the shipper needs. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            StepTracker.builder(Path.of(arguments[0]))
                    .shippingTimeout(Duration.ofMinutes(1))
                    .build()
                    .close();
        }
    }

    @Test
    void anAgentWithLogback_getsTheLogOfTheShipper_andNoWarningOfSlf4j() throws Exception {
        String classPath = Stream.of("shipper.jar", "lib/*", "test-classes", "logback/*")
                .map(entry -> Path.of("target").toAbsolutePath() + "/" + entry)
                .collect(Collectors.joining(File.pathSeparator));
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        Agent.class.getName(),
                        folder.resolve("outbox").toString())
                .redirectError(folder.resolve("err").toFile());
        command.environment().keySet().removeIf(name -> name.startsWith("STEPTRAIL_"));
        Process agent = command.start();
        String log = new String(agent.getInputStream().readAllBytes(), UTF_8);

        assertThat(agent.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("err"))).isEmpty();
        assertThat(log.lines()).anyMatch(line -> line.matches(".* INFO .*STEPTRAIL_QUEUE_URL.*"));
    }
}
