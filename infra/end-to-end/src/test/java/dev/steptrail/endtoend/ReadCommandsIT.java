package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands {@code tasks}, {@code steps}, {@code report}, {@code insights}, {@code screenshots}, {@code share}. */
class ReadCommandsIT {
    private final CloudProcess cloud = CloudProcess.shared();
    private final Imports imports = Imports.samples();
    private final Terminal owner = Terminal.of(cloud, cloud.api().token());

    @Test
    void tasks_equalThoseOfTheApi() throws Exception {
        List<String> lines = owner.does("tasks", "--limit", "1000");
        JsonNode tasks = json(owner.does("tasks", "--limit", "1000", "--json")).get("tasks");

        assertThat(ids(tasks)).containsAll(imports.tasks().values());
        for (String taskId : imports.tasks().values()) {
            assertThat(lines).anyMatch(line -> line.startsWith(taskId + "  "));
        }
    }

    /** Runs the packaged program and prints Chinese; the other tests run the command in this process. */
    @Test
    void packagedProgram_printsTheSame() throws Exception {
        String taskId = imports.taskOf("flight-launch-failed.json");

        Program.Result result =
                Program.steptrail(owner.environment(), "report", taskId).finish();

        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .isEqualTo(owner.does("report", taskId))
                .anyMatch(line -> line.contains("App not found: 航班助手"));
    }

    @Test
    void steps_equalThoseOfTheApi_withTheirErrors() throws Exception {
        String taskId = imports.taskOf("flight-launch-failed.json");

        assertThat(json(owner.does("steps", taskId, "--json")).get("steps")).isEqualTo(imports.steps(taskId));
        assertThat(owner.does("steps", taskId))
                .hasSize(2)
                .last()
                .asString()
                .contains("  failed  ", " | error: App not found: 航班助手");
    }

    @Test
    void report_isThatOfTheApi_inMarkdownOrJson() throws Exception {
        String taskId = imports.taskOf("flight-launch-failed.json");

        assertThat(json(owner.does("report", taskId, "--json")))
                .isEqualTo(cloud.api().json("/api/tasks/" + taskId + "/report"));
        assertThat(owner.does("report", taskId))
                .isEqualTo(cloud.api()
                        .get("/api/tasks/" + taskId + "/report?format=md")
                        .text()
                        .lines()
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"md", "csv", "html", "pdf"})
    void reportInEachFormat_isSavedInChinese(String format, @TempDir Path folder) throws Exception {
        String taskId = imports.taskOf("flight-launch-failed.json");
        Path file = folder.resolve("report." + format);
        List<String> command = new ArrayList<>(List.of("report", taskId, "--format", format, "--out", file.toString()));
        if (!format.equals("csv")) {
            command.addAll(List.of("--lang", "zh"));
        }

        Program.Result result = owner.tries(command.toArray());

        assertThat(result.exitCode()).as(String.join("\n", result.errors())).isZero();
        assertThat(result.out()).containsExactly("saved " + file + " (" + Files.size(file) + " bytes)");
        String text = Exported.text(format, Files.readAllBytes(file));
        assertThat(text).contains("Appnotfound:航班助手");
        if (!format.equals("csv")) {
            assertThat(text).contains("任务报告");
        }
    }

    @Test
    void task_isExportedAsZip_withItsPageInChinese(@TempDir Path folder) throws Exception {
        String taskId = imports.taskOf("flower-photo-loop.json");
        Path file = folder.resolve("task.zip");

        assertThat(owner.tries("export", taskId, "--lang", "zh", "--out", file).exitCode())
                .isZero();

        Map<String, byte[]> zip = Exported.unzipped(Files.readAllBytes(file));
        assertThat(zip).containsKeys("records.jsonl", "report.html");
        assertThat(Exported.text("html", zip.get("report.html"))).contains("任务报告");
    }

    @Test
    void tasks_areExportedAsJsonLines_withFilters(@TempDir Path folder) throws Exception {
        Path all = folder.resolve("all.jsonl");
        Path failed = folder.resolve("failed.jsonl");

        assertThat(owner.tries("export", "--all", "--out", all).exitCode()).isZero();
        assertThat(owner.tries("export", "--status", "failed", "--out", failed).exitCode())
                .isZero();

        for (String taskId : imports.tasks().values()) {
            List<JsonNode> records = recordsOf(taskId, all);
            assertThat(records.stream().filter(record -> record.has("step_number")))
                    .hasSize(imports.steps(taskId).size());
            boolean hasFailed = imports.task(taskId).get("status").asText().equals("failed");
            assertThat(recordsOf(taskId, failed)).isEqualTo(hasFailed ? records : List.of());
        }
    }

    private static List<JsonNode> recordsOf(String taskId, Path file) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode record = ExactJson.read(line.getBytes(StandardCharsets.UTF_8));
            if (record.get("task_id").asText().equals(taskId)) {
                records.add(record);
            }
        }
        return records;
    }

    @Test
    void failedExport_isAnError(@TempDir Path folder) throws Exception {
        UUID broken = UUID.randomUUID();
        Api api = cloud.apiOf("broken", Map.of(), Duration.ofHours(1));
        breakTask(broken, "broken");

        Program.Result result =
                Terminal.of(cloud, api.token()).tries("export", broken, "--out", folder.resolve("x.zip"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).last().asString().startsWith("steptrail: The export failed. Retry in 10 minutes");
        assertThat(folder).isEmptyDirectory();
        assertThat(api.call("DELETE", "/api/tasks/" + broken).status()).isEqualTo(204);
    }

    /**
     * Inserts a task whose losses are valid JSON in Postgres but exceed Jackson's nesting limit.
     *
     * @param owner not one whose tasks other tests list, because the list cannot be read
     */
    private void breakTask(UUID id, String owner) throws Exception {
        String losses = "{\"a\":" + "[".repeat(1500) + "]".repeat(1500) + "}";
        try (Connection connection = cloud.database();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO tasks (task_id, owner, started_at, status, losses) VALUES ('" + id + "', '"
                    + owner + "', now() - interval '1 day', 'failed', '" + losses + "')");
        }
    }

    @Test
    void screenshots_areSavedOnce(@TempDir Path folder) throws Exception {
        String taskId = imports.taskOf("flower-photo-loop.json");
        int all = json(owner.does("screenshots", taskId, "--json"))
                .get("screenshots")
                .size();
        Path pictures = folder.resolve("pictures");

        assertThat(all).isGreaterThan(1);
        assertThat(owner.does("screenshots", taskId, "--out", pictures))
                .containsExactly("saved " + all + " screenshots to " + pictures);

        try (Stream<Path> files = Files.list(pictures)) {
            assertThat(files).hasSize(all);
        }
        assertThat(json(owner.does("screenshots", taskId, "--out", pictures, "--json"))
                        .get("already_there")
                        .intValue())
                .isEqualTo(all);
    }

    @Test
    void filters_equalThoseOfTheApi() throws Exception {
        String taskId = imports.taskOf("flight-launch-failed.json");
        String started = imports.task(taskId).get("started_at").textValue();

        String filters = "--status failed --agent Open-AutoGLM --model autoglm-phone --since " + started;
        JsonNode tasks = json(owner.does((Object[]) ("tasks --json " + filters).split(" ")))
                .get("tasks");

        assertThat(ids(tasks)).contains(taskId);
        assertThat(owner.does("steps", taskId, "--success", "false", "--text", "App not found", "--order", "desc"))
                .hasSize(2);
        assertThat(owner.does("steps", taskId, "--min-number", "2", "--max-number", "9", "--type", "action"))
                .hasSize(1);
        Program.Result wrong = owner.tries("tasks", "--status", "lost");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.errors()).singleElement().asString().startsWith("steptrail: --status must be one of running,");
    }

    @Test
    void insights_equalThoseOfTheApi() throws Exception {
        String text = "insights " + UUID.randomUUID();
        UUID run = UUID.randomUUID();
        new InsightRows(cloud, "demo")
                .add(text, "slow_step", "{\"steps\": 1}", List.of(run), List.of(run + ".4"))
                .add(text, "flaky", "{\"tasks\": 24, \"successes\": 12, \"success_rate\": 0.5}");

        assertThat(json(owner.does("insights", "--instruction", text.toUpperCase(Locale.ROOT), "--json"))
                        .get("insights"))
                .isEqualTo(cloud.api()
                        .json("/api/insights?instruction=" + text.replace(" ", "+"))
                        .get("insights"));
        assertThat(owner.does("insights", "--instruction", text))
                .containsExactly(
                        text + " (demo)",
                        "  flaky               12 of 24 tasks succeeded (50 %), with no trend over time",
                        "  slow_step           1 step took much longer than usual; see " + run + ".4");
        assertThat(owner.does("insights", "--instruction", text, "--kind", "flaky"))
                .hasSize(2);
    }

    @Test
    void shareLink_isReadWithItsToken_listed_andRevoked() throws Exception {
        String taskId = imports.taskOf("flight-launch-failed.json");
        JsonNode share = json(owner.does("share", taskId, "--for", "1d", "--json"));
        String id = share.get("share_id").asText();
        URI report = URI.create(cloud.environment().get("STEPTRAIL_API") + "/api/shared/tasks/" + taskId + "/report");
        HttpRequest reading = HttpRequest.newBuilder(report)
                .header("X-Steptrail-Share", share.get("token").textValue())
                .build();

        assertThat(status(reading)).isEqualTo(200);
        assertThat(owner.does("share", taskId, "--list")).anyMatch(line -> line.startsWith(id + " "));
        assertThat(owner.does("share", taskId, "--revoke", id)).containsExactly("revoked " + id);
        assertThat(status(reading)).isEqualTo(404);
    }

    private static int status(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void taskOfAnotherOwner_isReportedAsMissing() throws Exception {
        Terminal other = Terminal.of(
                cloud, cloud.apiOf("other", Map.of(), Duration.ofHours(1)).token());
        String taskId = imports.taskOf("flight-launch-failed.json");

        for (String command : List.of("steps", "report", "screenshots")) {
            Program.Result result = other.tries(command, taskId);
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors())
                    .containsExactly("steptrail: The task or step does not exist, or it belongs to another owner.");
        }
        assertThat(other.does("tasks")).hasSize(1);
    }

    private static List<String> ids(JsonNode tasks) {
        return StreamSupport.stream(tasks.spliterator(), false)
                .map(task -> task.get("task_id").textValue())
                .toList();
    }

    private static JsonNode json(List<String> lines) throws Exception {
        return ExactJson.read(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
}
