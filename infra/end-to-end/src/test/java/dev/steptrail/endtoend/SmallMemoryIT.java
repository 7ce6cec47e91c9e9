package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shipper with too little memory for one of the screenshots. */
class SmallMemoryIT {
    private static final String LARGE = "019b1ed6-ce02-7a41-b1c5-2f8a90d3e671"; // shipped before SMALL
    private static final String SMALL = "019b1ed6-ce02-7a41-b1c5-2f8a90d3e672";
    private static final int LARGE_PICTURE_BYTES = 60_000_000;

    @TempDir
    private Path outbox;

    @Test
    void screenshotLargerThanMemory_blocksOnlyItsTask() throws Exception {
        CloudProcess cloud = CloudProcess.shared();
        write(LARGE, "\"frames\":[{\"role\":\"before\",\"file\":\"frames/1-before.png\"}],");
        write(SMALL, "");
        Path frames = Files.createDirectory(outbox.resolve(LARGE).resolve("frames"));
        try (RandomAccessFile picture =
                new RandomAccessFile(frames.resolve("1-before.png").toFile(), "rw")) {
            picture.setLength(LARGE_PICTURE_BYTES);
        }
        Map<String, String> environment = new LinkedHashMap<>(cloud.environment());
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx48m");

        Program.Result shipped = Program.steptrail(environment, "ship", "--once", "--outbox", outbox)
                .finish();

        assertThat(shipped.exitCode()).isEqualTo(1);
        assertThat(shipped.errors()).anyMatch(line -> line.startsWith("steptrail: ") && line.contains(LARGE));
        assertThat(outbox.resolve(LARGE)).exists();
        assertThat(outbox.resolve(SMALL)).doesNotExist();
        cloud.awaitIngest();
        assertThat(cloud.api().json("/api/tasks/" + SMALL).get("total_steps").intValue())
                .isEqualTo(1);
    }

    private void write(String task, String frames) throws Exception {
        String record = "{\"v\":1,\"task_id\":\"" + task + "\",\"timestamp\":\"2025-12-14T21:42:01Z\",\"record\":";
        Files.writeString(
                Files.createDirectory(outbox.resolve(task)).resolve("steps.jsonl"),
                record + "\"task_started\"}\n"
                        + record + "\"step\"," + frames + "\"step_number\":1,\"step_type\":\"action\"}\n"
                        + record + "\"task_ended\",\"status\":\"succeeded\",\"last_step_number\":1}\n");
    }
}
