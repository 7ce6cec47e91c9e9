package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Settings;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records, ships and reads back a run with steps that are too large for a message or a row. */
class LargeRecordIT {
    private static final int ROW = 256 * 1024;

    private final CloudProcess cloud = CloudProcess.shared();

    @TempDir
    private Path outbox;

    @Test
    void largeSteps_areTruncatedInTheirRows_completeInTheBucket_andOtherStepsAreUnaffected() throws Exception {
        String compressible = "I think. ".repeat(800_000);
        String noise = noise(300 * 1024);
        UUID id;
        try (StepTracker tracker = StepTracker.builder(outbox).build();
                TrackedTask task = tracker.startTask(noise)) {
            id = task.id();
            for (String thinking : new String[] {"one", compressible, noise, "x".repeat(10_000_000), "five"}) {
                task.record(StepData.action(Map.of("action", "Wait"))
                        .thinking(thinking)
                        .succeeded()
                        .build());
            }
            task.succeeded("done");
        }

        Program.Result shipped = Program.steptrail(cloud.environment(), "ship", "--once", "--outbox", outbox)
                .finish();
        cloud.awaitIngest();

        assertThat(shipped.out())
                .singleElement()
                .asString()
                .startsWith("shipped 7 records and 0 screenshots; 1 task completed; as ");
        JsonNode stored = cloud.api().json("/api/tasks/" + id);
        assertThat(stored.get("status").textValue()).isEqualTo("succeeded");
        assertThat(stored.get("description").textValue()).isEqualTo(noise.substring(0, ROW));
        assertTruncated(stored.get("extra_start_fields"), "description", noise);

        JsonNode steps = cloud.api().json("/api/tasks/" + id + "/steps").get("steps");
        assertThat(steps.findValuesAsText("step_number")).containsExactly("1", "2", "3", "4", "5");
        assertThat(steps.get(0).get("thinking").textValue()).isEqualTo("one");
        assertThat(steps.get(1).get("thinking").textValue()).isEqualTo(compressible.substring(0, ROW));
        assertThat(steps.get(2).get("thinking").textValue()).isEqualTo(noise.substring(0, ROW));
        assertTruncated(steps.get(1), "thinking", compressible);
        assertTruncated(steps.get(2), "thinking", noise);
        assertThat(steps.get(3).get("thinking").textValue()).isEqualTo("x".repeat(ROW));
        assertThat(steps.get(3).get("shortened_fields").get("thinking").intValue())
                .isEqualTo(10_000_000);
        assertThat(steps.get(4).has("payload_path")).isFalse();
    }

    /** Asserts that the fields contain the text's original length and the path of the complete record. */
    private void assertTruncated(JsonNode fields, String name, String text) throws Exception {
        assertThat(fields.get("truncated_fields").get(name).intValue()).isEqualTo(text.length());
        byte[] object = new BucketReader(new Settings(cloud.environment()))
                .read(fields.get("payload_path").textValue(), 8 * 1024 * 1024)
                .orElseThrow();
        try (GZIPInputStream json = new GZIPInputStream(new ByteArrayInputStream(object))) {
            assertThat(ExactJson.read(json.readAllBytes()).get(name).textValue())
                    .isEqualTo(text);
        }
    }

    private static String noise(int length) {
        StringBuilder noise = new StringBuilder(length);
        new Random(7).ints(length, 'A', 'z').forEach(c -> noise.append((char) c));
        return noise.toString();
    }
}
