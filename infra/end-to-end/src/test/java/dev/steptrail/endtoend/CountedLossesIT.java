package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report counts the steps that were dropped because the outbox was full during an outage. */
class CountedLossesIT {
    private static final int STEPS = 600;

    private final CloudProcess cloud = CloudProcess.shared();

    @TempDir
    private Path outbox;

    @Test
    void stepsDroppedByAFullOutbox_areCountedInTheReport() throws Exception {
        byte[] picture = Files.readAllBytes(Recording.SAMPLES.resolve("flight-launch-failed/screenshots/step_001.png"));
        UUID id;
        try (StepTracker tracker = StepTracker.builder(outbox)
                        .shipping(false)
                        .maxOutboxBytes(1024 * 1024)
                        .build();
                TrackedTask task = tracker.startTask("record on")) {
            id = task.id();
            for (int number = 1; number <= STEPS; number++) {
                task.record(StepData.ofType("action")
                        .thinking("x".repeat(2_000))
                        .frame(FrameRole.BEFORE, picture, false)
                        .build());
                tracker.flush(Duration.ofSeconds(10));
            }
            task.succeeded(null);
        }
        Map<String, String> away = new HashMap<>(cloud.environment());
        away.put("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1");
        assertThat(ship(away).errors()).anyMatch(line -> line.startsWith("steptrail: SQS cannot be reached"));
        assertThat(ship(cloud.environment()).exitCode()).isZero();
        cloud.awaitIngest();

        JsonNode report = cloud.api().json("/api/tasks/" + id + "/report");
        int arrived = report.get("total_steps").intValue();
        int dropped = report.get("dropped_steps").intValue();
        assertThat(arrived).isPositive();
        assertThat(dropped).isPositive();
        assertThat(arrived + dropped).isEqualTo(STEPS);
        assertThat(report.get("dropped_screenshots").intValue()).isPositive();
        assertThat(report.at("/losses/dropped_steps/outbox_full").intValue()).isEqualTo(dropped);
        assertThat(report.get("last_step_number").intValue()).isEqualTo(STEPS);
        int missing = 0;
        for (JsonNode range : report.get("missing_steps")) {
            missing += range.get("last").intValue() - range.get("first").intValue() + 1;
        }
        assertThat(missing).isEqualTo(dropped);
    }

    private Program.Result ship(Map<String, String> environment) throws Exception {
        return Program.steptrail(environment, "ship", "--once", "--outbox", outbox)
                .finish();
    }
}
