package dev.steptrail.bench.python;

import dev.steptrail.bench.CloudServer;
import dev.steptrail.bench.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Kills agents at random moments, ships what they recorded, and counts the confirmed steps that are stored once. */
final class KilledAgents {
    private static final Duration MAX_LIFE = Duration.ofMillis(200);
    private static final Duration ARRIVAL_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    private final PythonEnvironment python;
    private final Path outbox;
    private final Random random = new Random();
    private final Map<String, Integer> confirmedSteps = new LinkedHashMap<>();

    KilledAgents(PythonEnvironment python, Path outbox) {
        this.python = python;
        this.outbox = outbox;
    }

    /** Starts an agent and kills it with SIGKILL up to 200 ms after its first confirmed step. */
    void kill() throws IOException, InterruptedException {
        Process agent = python.program("killed_agent.py", outbox.toString()).start();
        try (BufferedReader output = agent.inputReader()) {
            String task = output.readLine();
            String last = output.readLine();
            if (task == null || last == null) {
                throw new IOException("the agent exited with code " + agent.waitFor() + " before its first step");
            }
            TimeUnit.NANOSECONDS.sleep(random.nextLong(MAX_LIFE.toNanos()));
            if (!agent.isAlive()) {
                throw new IOException("the agent exited with code " + agent.exitValue());
            }
            // Process.destroyForcibly would also close the output.
            agent.toHandle().destroyForcibly();
            int confirmed = Integer.parseInt(last);
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                // The kill may cut off the last line, which then is empty or a lower number.
                confirmed = line.isEmpty() ? confirmed : Math.max(confirmed, Integer.parseInt(line));
            }
            confirmedSteps.put(task, confirmed);
        } finally {
            agent.toHandle().destroyForcibly();
        }
    }

    int countConfirmed() {
        return confirmedSteps.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Ships the outbox, and returns how many confirmed steps are not stored, or are stored more than once. */
    long countLost(CloudServer cloud) throws IOException, InterruptedException, SQLException {
        try (Jvm ship = Jvm.commandLine(cloud.environment(), "ship", "--once", "--outbox", outbox.toString())) {
            ship.join();
        }
        long deadline = System.nanoTime() + ARRIVAL_TIMEOUT.toNanos();
        long lost = countNotStoredOnce(cloud);
        while (lost > 0 && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
            lost = countNotStoredOnce(cloud);
        }
        return lost;
    }

    private long countNotStoredOnce(CloudServer cloud) throws IOException, SQLException {
        long storedOnce = 0;
        for (Map.Entry<String, Integer> task : confirmedSteps.entrySet()) {
            storedOnce += cloud.postgres()
                    .queryNumber(
                            "SELECT count(*) FROM (SELECT FROM task_steps WHERE task_id = '%s'".formatted(task.getKey())
                                    + " AND step_number <= %d GROUP BY step_number HAVING count(*) = 1) AS step"
                                            .formatted(task.getValue()));
        }
        return countConfirmed() - storedOnce;
    }
}
