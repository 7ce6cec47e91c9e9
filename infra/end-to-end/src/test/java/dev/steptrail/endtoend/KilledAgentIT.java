package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills agents and a shipper at random moments. Every complete record of the outbox must be in Postgres exactly once.
 * {@code -Dsteptrail.kills=100} increases the number of kills.
 */
@Order(Integer.MAX_VALUE - 2)
@Tag("nightly")
class KilledAgentIT {
    private static final int KILLS = Integer.getInteger("steptrail.kills", 10);
    private static final int SHIPPER_KILLS = Math.max(2, KILLS / 10);
    private static final int JVM_START_MILLIS = 400;

    private final CloudProcess cloud = CloudProcess.shared();

    @TempDir
    private Path outbox;

    @Test
    void stepsOfKilledAgents_areInPostgresOnce_andEveryRowHasItsObject() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            Process agent = startAgent();
            Thread.sleep(JVM_START_MILLIS + random.nextInt(600));
            if (kill == KILLS - 1) { // on a loaded machine, earlier agents may have written nothing
                Waiting.until("agents have written", () -> stepsInTheOutbox().size() > KILLS);
            }
            agent.destroyForcibly().waitFor();
        }
        Set<String> written = stepsInTheOutbox();

        for (int kill = 0; kill < SHIPPER_KILLS; kill++) {
            Program shipper = Program.steptrail(cloud.environment(), "ship", "--outbox", outbox);
            Thread.sleep(JVM_START_MILLIS + random.nextInt(2000));
            shipper.process().destroyForcibly().waitFor();
        }
        Program.Result shipped = Program.steptrail(cloud.environment(), "ship", "--once", "--outbox", outbox)
                .finish();
        assertThat(shipped.exitCode()).as(String.join("\n", shipped.errors())).isZero();
        cloud.awaitIngest();

        Set<String> tasks = new TreeSet<>();
        written.forEach(step -> tasks.add(step.substring(0, step.indexOf('.'))));
        assertThat(query("SELECT task_id || '.' || step_number FROM task_steps WHERE task_id = ANY (?)", tasks))
                .as("seed " + seed)
                .containsExactlyInAnyOrderElementsOf(written);
        assertThat(query("SELECT task_id FROM tasks WHERE conflicting_steps > 0 AND task_id = ANY (?)", tasks))
                .isEmpty();
        assertThat(screenshotsInTheBucket(tasks))
                .isEqualTo(query("SELECT '' FROM step_screenshots WHERE task_id = ANY (?)", tasks)
                        .size())
                .isPositive();
    }

    private Process startAgent() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecordingAgent.class.getName(),
                        outbox.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Returns the steps with a complete line, as {@code task.number}. */
    private Set<String> stepsInTheOutbox() throws IOException {
        Set<String> steps = new TreeSet<>();
        try (Stream<Path> files = Files.walk(outbox)) {
            for (Path file : files.filter(path -> path.endsWith("steps.jsonl")).toList()) {
                String text = Files.readString(file);
                text.substring(0, text.lastIndexOf('\n') + 1)
                        .lines()
                        .flatMap(KilledAgentIT::step)
                        .forEach(steps::add);
            }
        }
        return steps;
    }

    private static Stream<String> step(String line) {
        try {
            return RecordCodec.decode(line.getBytes(StandardCharsets.UTF_8)) instanceof Step step
                    ? Stream.of(step.taskId() + "." + step.stepNumber())
                    : Stream.of();
        } catch (InvalidRecordException torn) {
            return Stream.of();
        }
    }

    /** Opens all screenshots of the tasks, and returns their number. */
    private int screenshotsInTheBucket(Set<String> tasks) throws Exception {
        int opened = 0;
        for (String task : tasks) {
            for (JsonNode screenshot :
                    cloud.api().json("/api/tasks/" + task + "/screenshots").get("screenshots")) {
                assertThat(Api.open(screenshot.get("url").textValue()).status())
                        .as(screenshot.toString())
                        .isEqualTo(200);
                opened++;
            }
        }
        return opened;
    }

    private List<String> query(String sql, Set<String> tasks) throws Exception {
        try (Connection connection = cloud.database();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            UUID[] ids = tasks.stream().map(UUID::fromString).toArray(UUID[]::new);
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            List<String> values = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return values;
        }
    }
}
