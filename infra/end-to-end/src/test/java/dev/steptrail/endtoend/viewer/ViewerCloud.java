package dev.steptrail.endtoend.viewer;

import dev.steptrail.endtoend.CloudProcess;
import dev.steptrail.endtoend.Imports;
import dev.steptrail.endtoend.InsightRows;
import dev.steptrail.endtoend.Recording;
import dev.steptrail.localcloud.demo.Demo;
import dev.steptrail.stepformat.MemoryFolder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.commons.io.FileUtils;

/** A cloud that contains the samples and the demo's run, with the template's default lifetime of URLs. */
final class ViewerCloud {
    private static final ViewerCloud SHARED = start();

    private final CloudProcess cloud;
    private final Imports samples;
    private final String demo;

    private ViewerCloud(CloudProcess cloud, Imports samples, String demo) {
        this.cloud = cloud;
        this.samples = samples;
        this.demo = demo;
    }

    static CloudProcess cloud() {
        return SHARED.cloud;
    }

    /** Returns the task id of a sample. */
    static String sample(String name) {
        return SHARED.samples.taskOf(name + ".json");
    }

    /** Returns the task id of the demo's run. */
    static String demo() {
        return SHARED.demo;
    }

    /** Adds insights of several kinds to an instruction of the user demo. */
    static void addInsights(String instruction) throws Exception {
        new InsightRows(cloud(), "demo")
                .add(instruction, "expectation", """
                        {"tasks": 24, "successes": 18, "success_rate": 0.75, "success_rate_low": 0.551, "success_rate_high": 0.88,
                         "duration_p10_ms": 31000, "duration_p50_ms": 42000, "duration_p90_ms": 83000,
                         "usual_path": ["Launch 相机", "Tap 499,842"], "usual_path_similarity": 0.87}""")
                .add(
                        instruction,
                        "similar_failures",
                        "{\"error\": \"" + "x".repeat(300) + "\", \"tasks\": 3, \"failures\": 5}",
                        List.of(UUID.fromString(demo())),
                        List.of(demo() + ".3", UUID.fromString("0190a7c0-0000-4000-8000-000000000000") + ".4"))
                .add(instruction, "frequent_sequence", """
                        {"actions": ["Launch 相机", "%s", "Back"], "tasks": 8, "of_tasks": 40, "instructions": 2}""".formatted("x".repeat(300)))
                .add(instruction, "regression", """
                        {"dimension": "model", "from": "glm-a", "to": "glm-b", "what": "success", "before": 0.9, "after": 0.4,
                         "tasks_before": 20, "tasks_after": 10}""");
    }

    private static ViewerCloud start() {
        try {
            Path data = MemoryFolder.create();
            CloudProcess cloud = CloudProcess.startHasty(data);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                cloud.close();
                FileUtils.deleteQuietly(data.toFile());
            }));
            return new ViewerCloud(cloud, Imports.into(cloud, Recording.SAMPLES), demoIn(cloud));
        } catch (Exception e) {
            throw new IllegalStateException("the viewer's cloud does not start", e);
        }
    }

    private static String demoIn(CloudProcess cloud) throws Exception {
        Path outbox = MemoryFolder.create();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        new Demo(cloud.environment(), outbox, new PrintStream(output, true, StandardCharsets.UTF_8)).run();
        FileUtils.deleteQuietly(outbox.toFile());
        return output.toString(StandardCharsets.UTF_8).replaceFirst("(?s).*?of task ([0-9a-f-]{36}):.*", "$1");
    }
}
