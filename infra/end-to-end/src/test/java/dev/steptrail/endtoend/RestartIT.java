package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Stops or kills a cloud that contains tasks, and restarts it on the same folder. */
@Order(Integer.MAX_VALUE)
class RestartIT {
    @TempDir
    private static Path temporary;

    private static Path data;
    private static CloudProcess cloud;
    private static Imports imports;
    private static List<String> answers;
    private static String screenshot;

    @BeforeAll
    static void startAndImport() throws Exception {
        data = temporary.resolve("a folder's data"); // a space and a quote need quoting in a shell
        Files.createDirectories(
                data.resolve("postgres/binaries")); // a separate copy, so that its processes can be identified by path
        cloud = CloudProcess.start(data);
        imports = Imports.into(
                cloud, Recording.SAMPLES.resolve("flight-launch-failed"), Recording.SAMPLES.resolve("torch-no-steps"));
        answers = imports.answers();
        screenshot = "/api/steps/" + imports.taskOf("flight-launch-failed.json") + ".1/screenshot";
    }

    @AfterAll
    static void stop() {
        if (cloud != null) {
            cloud.close();
        }
    }

    @Tag("nightly")
    @Test
    void stoppedBySigterm_leavesNoProcess_andKeepsAllDataForTheNextStart() throws Exception {
        Terminal.ofAdmin(cloud).does("agents", "add", "local", "--owner", "demo", "--on-behalf-of", "ann");
        List<ProcessHandle> processes = cloud.processes();

        cloud.process().destroy();
        assertThat(cloud.process().waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(cloud.process().exitValue()).isEqualTo(143);
        assertThat(cloud.errors()).noneMatch(line -> line.contains("Postgres has stopped"));
        assertNoneLeft(processes);
        startAgain();
        assertAllDataExists();
        assertThat(Terminal.ofAdmin(cloud).does("agents", "list")).contains("demo   ann           local");
    }

    @Test
    void killed_leavesNoProcess_andKeepsAllDataAndQueuedMessagesForTheNextStart() throws Exception {
        List<ProcessHandle> processes = cloud.processes();
        Imports inFlight;
        Imports queued;
        try (Connection connection = cloud.database();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE"); // ingest receives a batch and blocks
            inFlight = Imports.sentTo(cloud, Recording.SAMPLES.resolve("weather-finished"));
            Waiting.until("ingest has a batch", () -> inFlight() > 0);
            queued = Imports.sentTo(
                    cloud,
                    Recording.SAMPLES.resolve("flower-photo-loop/flower-photo-loop.json"),
                    "--screenshot",
                    Recording.SAMPLES.resolve("flight-launch-failed/screenshots/step_001.png"));

            cloud.process().destroyForcibly().waitFor();
        }
        assertNoneLeft(processes);
        startAgain();
        assertAllDataExists();

        cloud.awaitIngest();
        assertThat(inFlight.steps(inFlight.taskOf("weather-finished.json"))).hasSize(5);
        assertThat(queued.steps(queued.taskOf("flower-photo-loop.json"))).hasSize(28);
    }

    @Tag("nightly")
    @Test
    void leftoverPostgres_isStoppedByTheNextStart() throws Exception {
        ProcessHandle watch = cloud.process()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("steptrail-postgres-watch"))
                .findFirst()
                .orElseThrow();
        watch.destroyForcibly();
        cloud.process().destroyForcibly().waitFor();
        List<ProcessHandle> left = Processes.postgresOn(data);
        assertThat(left).isNotEmpty();

        startAgain();
        assertThat(left).noneMatch(ProcessHandle::isAlive);
        assertAllDataExists();
    }

    @Tag("nightly")
    @Test
    void withoutPostgres_theLogReportsIt_withTheTraceIdOfTheFailedRequestAndNothingElse() throws Exception {
        assertThat(cloud.api().get("/api/tasks").status()).isEqualTo(200);
        assertThat(cloud.errors()).noneMatch(line -> line.contains("ApiFunction"));
        List<ProcessHandle> postgres = Processes.postgresOn(data);
        postgres.forEach(ProcessHandle::destroyForcibly);
        Waiting.until("Postgres is gone", () -> postgres.stream().noneMatch(ProcessHandle::isAlive));

        Api.Answer answer = cloud.api().get("/api/tasks");

        assertThat(answer.status()).isEqualTo(503);
        String traceId = answer.json().get("trace_id").textValue();
        assertThat(cloud.errors())
                .filteredOn(line -> line.contains(traceId))
                .singleElement()
                .asString()
                .contains("ERROR ApiFunction")
                .doesNotContain(cloud.environment().get("STEPTRAIL_TOKEN"));
        Waiting.until("the log reports that Postgres has stopped", () -> cloud.errors().stream()
                .anyMatch(line -> line.contains("Postgres has stopped") && line.contains("Restart the local cloud")));
        cloud.process().destroyForcibly().waitFor();
        startAgain();
        assertAllDataExists();
    }

    private static void startAgain() throws Exception {
        Map<String, String> before = new TreeMap<>(cloud.environment());
        cloud = CloudProcess.start(data);
        Map<String, String> after = new TreeMap<>(cloud.environment());
        before.remove("STEPTRAIL_TOKEN");
        after.remove("STEPTRAIL_TOKEN");
        assertThat(after).isEqualTo(before);
    }

    /** Reads with the token of the first start, which remains valid. */
    private static void assertAllDataExists() throws Exception {
        assertThat(imports.answers()).isEqualTo(answers);
        Api.Answer picture = Api.open(cloud.api().get(screenshot).header("location"));
        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("content-type")).isEqualTo("image/webp");
    }

    private static void assertNoneLeft(List<ProcessHandle> processes) throws InterruptedException {
        Waiting.until("no process is left", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(Processes.postgresOn(data)).isEmpty();
    }

    private static int inFlight() {
        QueueAttributeName count = QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;
        String url = cloud.environment().get("STEPTRAIL_QUEUE_URL");
        return Integer.parseInt(cloud.sqs()
                .getQueueAttributes(request -> request.queueUrl(url).attributeNames(count))
                .attributes()
                .get(count));
    }
}
