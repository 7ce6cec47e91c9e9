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
    private static final int ROW = 4_000;

    private final CloudProcess cloud = CloudProcess.shared();

    @TempDir
    private Path outbox;

    @Test
    void largeTexts_areCompleteInTheBucket_andOtherStepsAreUnaffected() throws Exception {
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
                .startsWith("shipped 7 records, 0 screenshots and 4 attachments; 1 task completed; as ");
        JsonNode stored = cloud.api().json("/api/tasks/" + id);
        assertThat(stored.get("status").textValue()).isEqualTo("succeeded");
        assertThat(stored.get("description").textValue()).isEqualTo(noise.substring(0, ROW));
        assertComplete(stored.get("extra_start_fields"), "description", noise);
        JsonNode attachment = cloud.api().json("/api/tasks/" + id + "/attachment?field=description&redirect=false");
        assertThat(attachment.get("path")).isEqualTo(stored.at("/extra_start_fields/attachments/0/path"));

        JsonNode steps = cloud.api().json("/api/tasks/" + id + "/steps").get("steps");
        assertThat(steps.findValuesAsText("step_number")).containsExactly("1", "2", "3", "4", "5");
        assertThat(steps.get(0).get("thinking").textValue()).isEqualTo("one");
        assertThat(steps.get(1).get("thinking").textValue()).isEqualTo(compressible.substring(0, ROW));
        assertThat(steps.get(2).get("thinking").textValue()).isEqualTo(noise.substring(0, ROW));
        assertComplete(steps.get(1), "thinking", compressible);
        assertComplete(steps.get(2), "thinking", noise);
        assertThat(steps.get(3).get("thinking").textValue()).isEqualTo("x".repeat(ROW));
        assertComplete(steps.get(3), "thinking", "x".repeat(10_000_000));
        assertThat(steps.get(4).has("attachments")).isFalse();
    }

    /** Asserts that the only attachment contains the text, as gzip of JSON. */
    private void assertComplete(JsonNode fields, String name, String text) throws Exception {
        assertThat(fields.get("attachments")).hasSize(1);
        JsonNode attachment = fields.get("attachments").get(0);
        assertThat(attachment.get("field").textValue()).isEqualTo(name);
        byte[] object = new BucketReader(new Settings(cloud.environment()))
                .read(attachment.get("path").textValue(), 16 * 1024 * 1024)
                .orElseThrow();
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(object))) {
            byte[] json = gzip.readAllBytes();
            assertThat(json).hasSize(attachment.get("original_size").intValue());
            assertThat(ExactJson.read(json).textValue()).isEqualTo(text);
        }
    }

    private static String noise(int length) {
        StringBuilder noise = new StringBuilder(length);
        new Random(7).ints(length, 'A', 'z').forEach(c -> noise.append((char) c));
        return noise.toString();
    }
}
