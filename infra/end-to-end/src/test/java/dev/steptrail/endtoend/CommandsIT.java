package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One use of each command that the documentation's tests do not run as it is here, against the real API. */
class CommandsIT {
    private static final String SENDER = "AROAEXAMPLE:ann@example.com";

    private final CloudProcess cloud = CloudProcess.shared();
    private final Imports imports = Imports.samples();
    private final Terminal owner = Terminal.of(cloud, cloud.api().token());
    private final String task = imports.taskOf("flight-launch-failed.json");

    @Test
    void tasksAndSteps_areThoseThatTheFiltersSelect() throws Exception {
        String started = imports.task(task).get("started_at").textValue();

        JsonNode tasks = owner.json((Object[])
                ("tasks --json --status failed --agent Open-AutoGLM --model autoglm-phone --since " + started)
                        .split(" "));

        assertThat(tasks.get("tasks").findValuesAsText("task_id")).contains(task);
        assertThat(owner.json("steps", task, "--json").get("steps")).isEqualTo(imports.steps(task));
        assertThat(owner.does("steps", task, "--success", "false", "--text", "App not found", "--order", "desc"))
                .hasSize(2)
                .last()
                .asString()
                .contains("  failed  ", " | error: App not found: 航班助手");
    }

    /** Runs the packaged program and prints Chinese; the other tests run the command in this process. */
    @Test
    void report_isThatOfTheApi() throws Exception {
        Program.Result result =
                Program.steptrail(owner.environment(), "report", task).finish();

        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .isEqualTo(cloud.api()
                        .get("/api/tasks/" + task + "/report?format=md")
                        .text()
                        .lines()
                        .toList())
                .anyMatch(line -> line.contains("App not found: 航班助手"));
    }

    @Test
    void export_isSavedInChinese(@TempDir Path folder) throws Exception {
        Path zip = folder.resolve("task.zip");

        assertThat(owner.tries("export", task, "--lang", "zh", "--out", zip).out())
                .containsExactly("saved " + zip + " (" + Files.size(zip) + " bytes)");

        try (ZipFile files = new ZipFile(zip.toFile())) {
            byte[] report = files.getInputStream(files.getEntry("report.html")).readAllBytes();
            assertThat(new String(report, StandardCharsets.UTF_8)).contains("任务报告");
        }
    }

    @Test
    void insights_equalThoseOfTheApi() throws Exception {
        String text = "insights " + UUID.randomUUID();
        UUID run = UUID.randomUUID();
        new InsightRows(cloud, "demo").add(text, "slow_step", "{\"steps\": 1}", List.of(run), List.of(run + ".4"));

        assertThat(owner.json("insights", "--instruction", text.toUpperCase(Locale.ROOT), "--json")
                        .get("insights"))
                .isEqualTo(cloud.api()
                        .json("/api/insights?instruction=" + text.replace(" ", "+"))
                        .get("insights"))
                .hasSize(1);
    }

    @Test
    void shareLink_isReadWithItsToken_listed_andRevoked() throws Exception {
        JsonNode share = owner.json("share", task, "--for", "1d", "--json");
        String id = share.get("share_id").asText();
        String token = share.get("token").textValue();
        Api anonymous = new Api(cloud.api().address(), null);
        String report = "/api/shared/tasks/" + task + "/report";

        assertThat(anonymous.call("GET", report, token).status()).isEqualTo(200);
        assertThat(owner.does("share", task, "--list")).anyMatch(line -> line.startsWith(id + " "));
        assertThat(owner.does("share", task, "--revoke", id)).containsExactly("revoked " + id);
        assertThat(anonymous.call("GET", report, token).status()).isEqualTo(404);
    }

    @Test
    void senderIdWithColonAndAt_isRegistered_listed_andRemoved_byAdminsOnly() {
        Terminal admin = Terminal.ofAdmin(cloud);

        assertThat(admin.does("agents", "add", SENDER, "--owner", "ann", "--on-behalf-of", "bob,*"))
                .containsExactly("registered " + SENDER + " for ann");
        assertThat(admin.does("agents", "list"))
                .anyMatch(line -> line.matches("OWNER +ON BEHALF OF +SENDER ID"))
                .anyMatch(line -> line.matches("ann +bob,\\* +" + SENDER));
        assertThat(admin.does("agents", "remove", SENDER)).containsExactly("removed " + SENDER);
        Program.Result refused = owner.tries("agents", "list");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.errors())
                .singleElement()
                .asString()
                .startsWith("steptrail: STEPTRAIL_TOKEN does not belong to an admin; get an admin's token");
    }

    @Test
    void rejectedMessage_isListed_shown_andStoredOnceItsSenderIsRegistered() throws Exception {
        Terminal admin = Terminal.ofAdmin(cloud);
        UUID id = UUID.randomUUID();
        String body = "{\"v\":1,\"records\":[{\"v\":1,\"record\":\"step\",\"task_id\":\"%s\",\"step_number\":1,"
                + "\"timestamp\":\"2026-05-14T09:41:00Z\",\"step_type\":\"action\",\"thinking\":\"I look\"}]}";
        try (Connection connection = cloud.database();
                PreparedStatement statement = connection.prepareStatement("""
                        INSERT INTO rejected_messages (sender_id, task_id, reason, body, fingerprint)
                        VALUES ('AROANOBODY', ?, 'the sender is not registered', ?, '')
                        """)) {
            statement.setObject(1, id);
            statement.setString(2, body.formatted(id));
            statement.executeUpdate();
        }

        JsonNode listed = admin.json("rejected", "list", "--sender", "AROANOBODY", "--json");

        String message = listed.at("/rejected/0/id").asText();
        assertThat(listed.toString()).contains("the sender is not registered").doesNotContain("I look");
        assertThat(admin.does("agents", "unregistered")).anyMatch(line -> line.matches("1 .* AROANOBODY"));
        assertThat(admin.does("rejected", "show", message))
                .contains("sender_id     AROANOBODY", "owner         -")
                .last()
                .asString()
                .isEqualTo("body          " + body.formatted(id));
        admin.does("agents", "add", "AROANOBODY", "--owner", "demo");
        assertThat(admin.does("rejected", "retry", message)).containsExactly(message + "  stored");
        assertThat(owner.does("steps", id)).last().asString().contains("I look");
    }

    @Test
    void regressionOfAnExperiment_isShown_andFailsTheGate() throws Exception {
        Terminal experimenter = Terminal.of(
                cloud,
                cloud.apiOf("experimenter", Map.of(), Duration.ofHours(1)).token());
        insertCase("suite/1", 10, 0);
        insertCase("suite/2", 2, 8);

        assertThat(experimenter.does("experiments", "suite/2", "--baseline", "suite/1"))
                .anyMatch(line -> line.matches("regression +2/10 +10/10 +20 % .*音量"));
        Program.Result gate = experimenter.tries("gate", "--experiment", "suite/2", "--baseline", "suite/1");
        assertThat(gate.exitCode()).isEqualTo(1);
        assertThat(gate.out()).contains("regression  2/10, baseline 10/10  音量");
    }

    private void insertCase(String experiment, int passes, int fails) throws Exception {
        try (Connection connection = cloud.database();
                PreparedStatement statement = connection.prepareStatement("""
                        INSERT INTO tasks (task_id, owner, started_at, ended_at, status, experiment, case_id)
                        SELECT gen_random_uuid(), 'experimenter', '2026-03-01', '2026-03-01',
                               CASE WHEN n <= ? THEN 'succeeded' ELSE 'failed' END, ?, '音量'
                          FROM generate_series(1, ?) AS n
                        """)) {
            statement.setInt(1, passes);
            statement.setString(2, experiment);
            statement.setInt(3, passes + fails);
            statement.executeUpdate();
        }
    }
}
