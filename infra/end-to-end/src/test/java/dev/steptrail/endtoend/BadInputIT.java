package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The import command reports each invalid file or setting in one line, and loses no valid recording. */
class BadInputIT {
    private static final Path PICTURE = Recording.SAMPLES.resolve("flight-launch-failed/screenshots/step_001.png");
    private static final Pattern TASK = Pattern.compile("task ([0-9a-f-]{36})");

    private final CloudProcess cloud = CloudProcess.shared();

    @TempDir
    private Path folder;

    @Test
    void invalidRecordings_areReportedInOneLineEach_andTheValidOneIsImported() throws Exception {
        String good = recording();
        Path truncated = write("runs/1-truncated.json", good.substring(0, good.length() / 2));
        Path noJson = write("runs/2-no-json.json", "step 1: Tap\n");
        write("runs/3-good.json", recordingWithoutPictures());
        Path noNumber = write("runs/4-no-number.json", recording().replaceFirst("\"step_number\": 2,", ""));
        Path badPicture = write("runs/5/run.json", recording());
        Path picture = write("runs/5/screenshots/step_001.png", "no pixels");
        Path otherJson = write("runs/6-other.json", "{\"steps\":\"none\"}");

        Program.Result result = Program.steptrail(environment(Map.of()), importOf(folder.resolve("runs")))
                .finish();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).hasSize(5);
        assertThat(result.errors().get(0))
                .startsWith("steptrail: " + truncated + ": ")
                .contains("is truncated");
        assertThat(result.errors().get(1)).startsWith("steptrail: " + noJson + ": is not valid JSON");
        assertThat(result.errors().get(2)).startsWith("steptrail: " + noNumber + ": steps[1]: step_number: ");
        assertThat(result.errors().get(3))
                .startsWith("steptrail: " + badPicture + ": step 1: ")
                .contains(picture + ": the screenshot is not a PNG");
        assertThat(result.errors().get(4)).startsWith("steptrail: " + otherJson + ": is not a recording");
        assertThat(taskOf(result).get("total_steps").intValue()).isEqualTo(5);
    }

    @Test
    void truncatedPng_isReported() throws Exception {
        Path run = write("run.json", recording());
        Path picture = folder.resolve("broken.png");
        byte[] png = Files.readAllBytes(PICTURE);
        Files.write(picture, Arrays.copyOf(png, png.length / 2));

        Program.Result result = importing(Map.of(), run, "--screenshot", picture);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .contains(run.toString(), picture + ": the screenshot is damaged");
    }

    @Test
    void missingScreenshotOption_isReported() throws Exception {
        Path run = write("run.json", recording());
        Path picture = folder.resolve("missing.png");

        Program.Result result = importing(Map.of(), run, "--screenshot", picture);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).singleElement().asString().contains(run.toString(), picture + " does not exist");
    }

    @Test
    void missingScreenshotOfARecording_isReportedWithTheRemedy() throws Exception {
        Path run = write("run.json", recording());

        Program.Result result = importing(Map.of(), run);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .contains(run.toString(), "step_001.png is not in " + folder, "--screenshots DIR", "--no-screenshots");
        assertThat(importing(Map.of(), run, "--no-screenshots").exitCode()).isZero();
    }

    @Test
    void missingRecording_isReported() throws Exception {
        Path missing = folder.resolve("missing.json");

        Program.Result result = importing(Map.of(), missing);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).containsExactly("steptrail: " + missing + ": does not exist");
    }

    @Test
    void missingQueue_isReported_andTheImportSucceedsOnceTheSettingIsFixed() throws Exception {
        String queue = cloud.environment().get("STEPTRAIL_QUEUE_URL") + "-missing";
        assertImportSucceedsOnceFixed(
                BadInputIT::inThisProcess,
                "STEPTRAIL_QUEUE_URL",
                queue,
                "steptrail: STEPTRAIL_QUEUE_URL: the queue " + queue + " does not exist");
    }

    @Test
    void wrongSecret_isReportedAtTheFirstUpload_andTheImportSucceedsOnceItIsFixed() throws Exception {
        assertImportSucceedsOnceFixed(
                (environment, arguments) ->
                        Program.steptrail(environment, arguments).finish(),
                "AWS_SECRET_ACCESS_KEY",
                "not-the-secret",
                "steptrail: AWS_SECRET_ACCESS_KEY does not match AWS_ACCESS_KEY_ID (S3 rejected the signature):"
                        + " set both to the same access key");
    }

    @Test
    void missingBucket_isReported_andTheImportSucceedsOnceTheSettingIsFixed() throws Exception {
        assertImportSucceedsOnceFixed(
                BadInputIT::inThisProcess,
                "STEPTRAIL_BUCKET",
                "bucket-missing",
                "steptrail: STEPTRAIL_BUCKET: the bucket bucket-missing does not exist");
    }

    @FunctionalInterface
    private interface Command {
        Program.Result run(Map<String, String> environment, Object... arguments) throws Exception;
    }

    private static Program.Result inThisProcess(Map<String, String> environment, Object... arguments) {
        return new Terminal(environment).tries(arguments);
    }

    private void assertImportSucceedsOnceFixed(Command command, String setting, String wrong, String line)
            throws Exception {
        Object[] arguments = importOf(write("run.json", recording()), "--screenshot", PICTURE);

        Program.Result refused = command.run(environment(Map.of(setting, wrong)), arguments);
        assertThat(refused.errors()).containsExactly(line);
        assertThat(refused.exitCode()).isEqualTo(1);

        Program.Result retried = command.run(environment(Map.of()), arguments);
        assertThat(retried.errors()).isEmpty();
        assertThat(retried.exitCode()).isZero();
        JsonNode task = taskOf(retried);
        assertThat(task.get("total_steps").intValue()).isEqualTo(5);
        assertThat(task.get("status").textValue()).isEqualTo("succeeded");
        String screenshots = "/api/tasks/" + task.get("task_id").textValue() + "/screenshots";
        assertThat(cloud.api().json(screenshots).get("screenshots")).hasSize(5);
    }

    @Test
    void noSettings_reportsTheFirstMissingOneWithTheRemedy() throws Exception {
        Path run = write("run.json", recording());

        Program.Result result = Program.steptrail(Map.of(), "import", run, "--outbox", folder.resolve("outbox"))
                .finish();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("steptrail: STEPTRAIL_QUEUE_URL is not set")
                .contains("local.env");
    }

    @Test
    void wrongUsage_exitsWithStatus2_andPrintsOneLine() throws Exception {
        assertWrongUsage("missing required parameter: 'FILE|DIR'", "import");
        assertWrongUsage(
                "unknown option '--screenshto' (did you mean '--screenshot'?)",
                "import",
                "run.json",
                "--screenshto",
                "x.png");
        assertWrongUsage("invalid value for option '--zone'", "import", "run.json", "--zone", "Mars/Olympus");
        assertWrongUsage("unknown command 'imprt' (did you mean 'import'?)", "imprt");
    }

    private static void assertWrongUsage(String says, Object... arguments) {
        Program.Result result = new Terminal(Map.of()).tries(arguments);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("steptrail: " + says)
                .endsWith("--help");
        assertThat(result.out()).isEmpty();
    }

    /** Returns a valid recording that no other test imports. */
    private static String recording() throws IOException {
        Path sample = Recording.SAMPLES.resolve("weather-finished/weather-finished.json");
        return Files.readString(sample)
                .replaceFirst("\"task_name\": \"[^\"]*\"", "\"task_name\": \"" + UUID.randomUUID() + "\"");
    }

    private static String recordingWithoutPictures() throws IOException {
        return recording().replaceAll("\"screenshot_path\": \"[^\"]*\"", "\"screenshot_path\": null");
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Program.Result importing(Map<String, String> changed, Object... what) {
        return inThisProcess(environment(changed), importOf(what));
    }

    private Map<String, String> environment(Map<String, String> changed) {
        Map<String, String> environment = new TreeMap<>(cloud.environment());
        environment.put("STEPTRAIL_OUTBOX", folder.resolve("outbox").toString());
        environment.putAll(changed);
        return environment;
    }

    private static Object[] importOf(Object... what) {
        return Stream.concat(Stream.of("import"), Stream.of(what)).toArray();
    }

    private JsonNode taskOf(Program.Result imported) throws Exception {
        List<String> tasks = imported.out().stream()
                .map(TASK::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
        assertThat(tasks).hasSize(1);
        cloud.awaitIngest();
        return cloud.api().json("/api/tasks/" + tasks.get(0));
    }
}
