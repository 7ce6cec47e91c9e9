package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ships and reads back runs that the Python recorder recorded. */
class OpenAutoGlmIT {
    private static final Path MODULE = Program.ROOT.resolve("agent-client/open-autoglm");

    @TempDir
    private Path outbox;

    @Test
    void openAutoGlmRun_isShipped_andReadBack() throws Exception {
        String task = shipped("finished");

        JsonNode report = CloudProcess.shared().api().json("/api/tasks/" + task + "/report");
        assertThat(report.get("end_reason").textValue()).isEqualTo("finished");
        assertThat(report.get("total_steps").intValue()).isEqualTo(4);
        assertThat(report.get("failed_steps").intValue()).isEqualTo(1);
        JsonNode steps = steps(task);
        assertThat(steps).hasSize(4);
        assertThat(steps.get(0).get("error_message").textValue()).isEqualTo("App not found: 天气");
        assertThat(steps.get(0).get("timings").get("model_ms").intValue()).isEqualTo(2300);
        for (JsonNode step : steps) {
            assertThat(step.get("screenshots")).hasSize(1);
            assertThat(step.get("screenshots").get(0).get("width").intValue()).isEqualTo(54);
        }
        assertThat(steps.get(2).get("screenshots").get(0).get("sensitive").booleanValue())
                .isTrue();
    }

    @Test
    void redactedRegions_areInTheScreenshots_andWithheldScreenshotsAreCountedInTheReport() throws Exception {
        String task = shipped("chosen_redaction");

        JsonNode steps = steps(task);
        assertThat(steps.get(0)
                        .get("screenshots")
                        .get(0)
                        .get("redacted_regions")
                        .toString())
                .isEqualTo("[{\"x\":10,\"y\":20,\"width\":30,\"height\":40}]");
        assertThat(steps.get(2).get("screenshots")).isEmpty();
        JsonNode report = CloudProcess.shared().api().json("/api/tasks/" + task + "/report");
        JsonNode dropped = report.get("losses").get("dropped_screenshots");
        assertThat(dropped.get("withheld").intValue()).isEqualTo(1);
        assertThat(dropped.get("redaction_failed").intValue()).isEqualTo(2);
    }

    /** Records and ships a scenario of scenarios.py. Returns its task id. */
    private String shipped(String scenario) throws Exception {
        assumeTrue(
                python(outbox, "-c", "import sys; sys.exit(sys.version_info < (3, 10))") == 0,
                "skipped: needs python3");
        assertThat(python(
                        outbox, MODULE.resolve("src/test/python/scenarios.py").toString(), scenario, outbox.toString()))
                .isZero();
        CloudProcess cloud = CloudProcess.shared();
        String task = only(outbox).getName();
        Program.Result shipped = Program.steptrail(cloud.environment(), "ship", "--once", "--outbox", outbox)
                .finish();
        assertThat(shipped.exitCode()).as(String.join("\n", shipped.errors())).isZero();
        cloud.awaitIngest();
        return task;
    }

    private static JsonNode steps(String task) throws Exception {
        return CloudProcess.shared().api().json("/api/tasks/" + task + "/steps").get("steps");
    }

    private static File only(Path outbox) {
        File[] folders = outbox.toFile().listFiles(File::isDirectory);
        assertThat(folders).hasSize(1);
        return folders[0];
    }

    private static int python(Path folder, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        ProcessBuilder python = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        python.environment().put("PYTHONPATH", MODULE + File.pathSeparator + MODULE.resolve("src/test/python"));
        python.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        try {
            Process process = python.start();
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
