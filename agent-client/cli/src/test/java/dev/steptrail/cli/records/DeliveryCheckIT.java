package dev.steptrail.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Import and doctor verify through the API that their tasks are stored as sent. */
@Tag("slow")
class DeliveryCheckIT extends ImportTestBase {
    private static final Path SAMPLE = Screens.sample("weather-finished");

    private ScriptedApi api;

    @BeforeEach
    void start() throws IOException {
        api = new ScriptedApi();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void import_withoutApi_reportsNotVerified() {
        Run run = importing(SAMPLE, "--no-screenshots");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().toList())
                .last()
                .asString()
                .startsWith("sent, not verified: set STEPTRAIL_API and run steptrail login");
    }

    @Test
    void import_storedWithDelay_isVerified() throws Exception {
        String task = taskOf(SAMPLE);
        api.on(
                "GET /api/tasks/" + task,
                Response.problem(404, "no-such-task", "The task does not exist. It may have been deleted."),
                task("running", 2),
                task("succeeded", 5));
        api.on("GET /api/audit", Response.json(200, "{\"audit\":[],\"next_cursor\":null}"));
        api.on("GET /api/tasks/" + task + "/screenshots", screenshots(3, "\"next\""));
        api.on("GET /api/tasks/" + task + "/screenshots?cursor=next", screenshots(2, "null"));

        Run run = verified("import", "--zone", "UTC", SAMPLE.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().toList()).last().isEqualTo("verified: the API has 1 task");
    }

    @Test
    void import_withDifferentZone_failsAndSuggestsNewId() throws Exception {
        api.on("GET /api/tasks/" + taskOf(SAMPLE), task("succeeded", 5));

        Run run = verified("import", "--zone", "Asia/Shanghai", SAMPLE.toString());

        assertFailed(
                run,
                "steptrail: " + SAMPLE + ": task " + taskOf(SAMPLE)
                        + " is already stored with a different start time, ");
        assertThat(run.err())
                .contains("it was imported before with another --zone; use --new-id to import it as a new task");
    }

    @Test
    void import_oneTaskNotStored_isNotVerified() throws Exception {
        Path other = Screens.sample("torch-no-steps");
        api.on("GET /api/tasks/" + taskOf(SAMPLE), task("succeeded", 5));
        api.on("GET /api/tasks/" + taskOf(SAMPLE) + "/screenshots", screenshots(5, "null"));
        api.on("GET /api/audit", Response.json(200, "{\"audit\":[],\"next_cursor\":null}"));

        Run run = verified("import", "--zone", "UTC", "--wait", "1", SAMPLE.toString(), other.toString());

        assertFailed(
                run, "steptrail: " + other + ": task " + taskOf(other) + " is not stored, 1 s after it was sent: ");
        assertThat(run.out()).doesNotContain("verified");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 6})
    void import_withDifferentPictures_failsAndSuggestsNewId(int stored) throws Exception {
        String task = taskOf(SAMPLE);
        api.on("GET /api/tasks/" + task, task("succeeded", 5));
        api.on("GET /api/tasks/" + task + "/screenshots", screenshots(stored, "null"));

        Run run = verified("import", "--zone", "UTC", SAMPLE.toString());

        assertFailed(
                run,
                "steptrail: " + SAMPLE + ": task " + task + " is stored with " + stored
                        + " screenshots instead of 5: either it was imported before with other"
                        + " screenshots (use --new-id to import it as a new task), or some could not be shipped (see"
                        + " lost_screenshots in its steps)");
    }

    @Test
    void import_archivedTask_doesNotRequestScreenshots() throws Exception {
        api.on("GET /api/tasks/" + taskOf(SAMPLE), task("archived", 5));

        Run run = verified("import", "--zone", "UTC", SAMPLE.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void import_taskAlreadyInOutbox_isVerifiedWithoutScreenshots() throws Exception {
        String[] command = {"import", "--zone", "UTC", "--outbox", outbox.toString(), SAMPLE.toString()};
        run(aws.environment("AWS_SECRET_ACCESS_KEY", "wrong"), command);
        api.on("GET /api/tasks/" + taskOf(SAMPLE), task("succeeded", 5));

        Run run = verified("import", "--zone", "UTC", SAMPLE.toString());

        assertThat(run.out()).contains("imported before and not yet shipped");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void import_deletedTask_failsAndSuggestsNewId() throws Exception {
        api.on("GET /api/tasks/" + taskOf(SAMPLE), Response.problem(404, "no-such-task", "There is no such task"));
        api.on(
                "GET /api/audit",
                Response.json(200, "{\"audit\":[{\"at\":\"2026-03-01T12:00:00Z\"}],\"next_cursor\":null}"));

        Run run = verified("import", "--zone", "UTC", SAMPLE.toString());

        assertFailed(
                run,
                "steptrail: " + SAMPLE + ": task " + taskOf(SAMPLE)
                        + " was deleted at 2026-03-01T20:00:00+08:00 and"
                        + " accepts no more records; use --new-id to import it as a new task");
        assertThat(api.requestLines()).contains("GET /api/audit?action=delete_task&task_id=" + taskOf(SAMPLE));
    }

    @Test
    void import_stepsNotStored_namesRejectionReasonForAdmin() throws Exception {
        api.on("GET /api/tasks/" + taskOf(SAMPLE), task("succeeded", 0));
        api.on(
                "GET /api/admin/rejected",
                Response.json(200, "{\"rejected\":[{\"reason\":\"the key\"}],\"next_cursor\":null}"));

        Run run = verified("import", "--zone", "UTC", "--wait", "1", SAMPLE.toString());

        assertFailed(
                run,
                "steptrail: " + SAMPLE + ": task " + taskOf(SAMPLE)
                        + " has 0 of 5 steps, 1 s after it was sent: it was rejected (the key)");
    }

    @Test
    void import_notArriving_namesSenderForNonAdmin() throws Exception {
        Run run = verified("import", "--zone", "UTC", "--wait", "1", SAMPLE.toString());

        assertFailed(
                run,
                "steptrail: " + SAMPLE + ": task " + taskOf(SAMPLE)
                        + " was sent, but could not be verified: The task or step does not exist, or it belongs to another"
                        + " owner.");
        api.on("GET /api/audit", Response.json(200, "{\"audit\":[],\"next_cursor\":null}"));
        assertFailed(
                verified("import", "--zone", "UTC", "--wait", "1", SAMPLE.toString()),
                "steptrail: " + SAMPLE + ": task " + taskOf(SAMPLE)
                        + " is not stored, 1 s after it was sent: check that the sender sender is registered");
    }

    @Test
    void import_withNewId_createsNewTaskEachTime() throws Exception {
        importing("--new-id", "--no-screenshots", SAMPLE);
        importing("--new-id", "--no-screenshots", SAMPLE);

        assertThat(aws.records().stream().map(StepRecord::taskId).distinct())
                .hasSize(2)
                .doesNotContain(UUID.fromString(taskOf(SAMPLE)));
    }

    @Test
    void doctor_withoutApi_reportsDeliveryNotVerified() throws Exception {
        write();

        Run run = run(aws.environment(), "doctor", "--outbox", outbox.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("ok   delivery: not verified: set STEPTRAIL_API");
    }

    @Test
    void doctor_taskDoesNotArrive_isReported() throws Exception {
        write();
        api.on("GET /api/audit", Response.json(200, "{\"audit\":[],\"next_cursor\":null}"));

        Run run = verified("doctor", "--wait", "1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern(
                        "FAIL delivery: task ([0-9a-f-]{36}) is not stored, 1 s after it was sent: .*; task \\1"
                                + " was not deleted \\(The task or step does not exist.*\\): if the API returns it later, delete it with echo .*curl -H @-"
                                + " -X DELETE .*/api/tasks/\\1\"");
        assertThat(aws.records()).hasSize(3);
    }

    @Test
    void doctor_taskStoredWithoutStep_isDeleted() throws Exception {
        write();
        api.on("GET /api/tasks/ID", task("succeeded", 0));
        api.on("DELETE /api/tasks/ID", Response.bytes(new byte[0]));

        Run run = verified("doctor", "--wait", "1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern("FAIL delivery: task [0-9a-f-]{36} has 0 of 1 step, 1 s after it was sent: ")
                .doesNotContain("was not deleted");
        assertThat(api.requestLines()).last().asString().startsWith("DELETE /api/tasks/");
    }

    /** With the settings in its environment, a tracker ships its outbox unless this is disabled. */
    @Test
    void doctor_inSeparateProcess_shipsItsTask() throws Exception {
        write();
        api.on("GET /api/audit", Response.json(200, "{\"audit\":[],\"next_cursor\":null}"));
        ProcessBuilder doctor = JavaProcess.of(Steptrail.class, "doctor", "--wait", "1", "--outbox", outbox.toString())
                .redirectErrorStream(true);
        doctor.environment().putAll(aws.environment());
        doctor.environment().put("STEPTRAIL_API", api.address());
        doctor.environment().put("STEPTRAIL_TOKEN", ScriptedApi.TOKEN);

        Process process = doctor.start();

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .containsPattern("FAIL delivery: task [0-9a-f-]{36} is not stored, 1 s after it was sent: ");
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(aws.records()).hasSize(3);
    }

    /** The task id of the file, which is the same for each import. */
    private String taskOf(Path file) throws IOException {
        return new AutoGlmImporter(
                        Outbox.open(folder.resolve("other")),
                        AutoGlmImporterTestBase.screenshots("--no-screenshots"),
                        ZoneOffset.UTC,
                        false)
                .importFile(file)
                .taskId()
                .toString();
    }

    /** The API's response for the sample, imported in UTC. */
    private static Response task(String status, int steps) throws IOException {
        String started = new ObjectMapper()
                        .readTree(SAMPLE.toFile())
                        .path("metadata")
                        .path("created_at")
                        .asText()
                + "Z";
        return Response.json(
                200,
                "{\"start_received\":true,\"started_at\":\"%s\",\"status\":\"%s\",\"total_steps\":%d}"
                        .formatted(started, status, steps));
    }

    /** A page of the task's screenshots. */
    private static Response screenshots(int count, String nextCursor) {
        String page = String.join(",", Collections.nCopies(count, "{}"));
        return Response.json(200, "{\"screenshots\":[" + page + "],\"next_cursor\":" + nextCursor + "}");
    }

    /** Runs a command with the API. An import uses one small picture for all steps. */
    private Run verified(String... command) throws IOException {
        Map<String, String> environment = new HashMap<>(aws.environment());
        environment.put("STEPTRAIL_API", api.address());
        environment.put("STEPTRAIL_TOKEN", ScriptedApi.TOKEN);
        List<String> named = new ArrayList<>(List.of("--outbox", outbox.toString()));
        if (command[0].equals("import")) {
            Path picture = folder.resolve("picture.png");
            ImageIO.write(new BufferedImage(27, 60, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
            named.addAll(List.of("--screenshot", picture.toString()));
        }
        return run(
                environment,
                Stream.concat(
                                Stream.of(command[0]),
                                Stream.concat(named.stream(), Stream.of(command).skip(1)))
                        .toArray(String[]::new));
    }
}
