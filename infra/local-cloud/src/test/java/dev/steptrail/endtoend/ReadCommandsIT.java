package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steptrail tasks}, {@code steps}, {@code report}, {@code screenshots} and {@code share}: what the API tells, in a terminal. */
class ReadCommandsIT {
    private final CloudProcess cloud = CloudProcess.shared();
    private final Imports imports = Imports.samples();
    private final AdminCommands owner = AdminCommands.of(cloud, cloud.api().token());

    @Test
    void tasks_areThoseOfTheApi() throws Exception {
        List<String> lines = owner.does("tasks", "--limit", "1000");
        JsonNode tasks = json(owner.does("tasks", "--limit", "1000", "--json")).get("tasks");

        assertThat(ids(tasks)).containsAll(imports.tasks().values());
        for (String taskId : imports.tasks().values()) {
            assertThat(lines).anyMatch(line -> line.startsWith(taskId + "  "));
        }
    }

    @Test
    void steps_areThoseOfTheApi_withTheirErrors() throws Exception {
        String taskId = imports.taskOf("flight-launch-failed.json");

        assertThat(json(owner.does("steps", taskId, "--json")).get("steps")).isEqualTo(imports.steps(taskId));
        assertThat(owner.does("steps", taskId))
                .hasSize(2)
                .last()
                .asString()
                .contains("  failed  ", " | error: App not found: 航班助手");
    }

    @Test
    void aReport_isThatOfTheApi_andItsSummaryNamesWhatWentWrong() throws Exception {
        String taskId = imports.taskOf("flight-launch-failed.json");

        assertThat(json(owner.does("report", taskId, "--json")))
                .isEqualTo(cloud.api().json("/api/tasks/" + taskId + "/report"));
        assertThat(owner.does("report", taskId))
                .contains("task       " + taskId, "error      step 1: App not found: 航班助手");
    }

    @Test
    void screenshots_areSaved_once(@TempDir Path folder) throws Exception {
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
    void filters_areThoseOfTheApi() throws Exception {
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
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.errors()).singleElement().asString().startsWith("steptrail: status: must be one of running,");
    }

    @Test
    void aShare_isReadByItsToken_listed_andRevoked() throws Exception {
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
    void aTaskOfSomebodyElse_isAsOneThatIsNotThere() throws Exception {
        AdminCommands other = AdminCommands.of(
                cloud, cloud.apiOf("other", Map.of(), Duration.ofHours(1)).token());
        String taskId = imports.taskOf("flight-launch-failed.json");

        for (String command : List.of("steps", "report", "screenshots")) {
            Program.Result result = other.tries(command, taskId);
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors())
                    .containsExactly("steptrail: There is no such task or step, or it is not yours.");
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
