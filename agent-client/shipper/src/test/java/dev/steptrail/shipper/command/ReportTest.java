package dev.steptrail.shipper.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.shipper.command.ScriptedApi.Answer;
import dev.steptrail.shipper.command.ScriptedApi.Run;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code steptrail report} in a terminal, and for programs. */
class ReportTest {
    private static final String TASK = "0190163d-8694-739b-aea5-966c26f8ad91";
    private static final String REPORT = "GET /api/tasks/" + TASK + "/report";

    private final ScriptedApi api;

    ReportTest() throws IOException {
        api = new ScriptedApi();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void report_isASummary_ofWhatThereIsToTell() {
        api.on(REPORT, Answer.json(200, """
                {"task_id":"0190163d-8694-739b-aea5-966c26f8ad91","name":"调大","description":"调大\\u001b[2J\\n音量","agent":"a",
                 "model":null,"status":"failed","ending":"max_steps","message":null,"started_at":"2026-05-14T09:41:00Z",
                 "elapsed_ms":243000,"total_steps":4,"successful_steps":2,"failed_steps":1,"success_rate":0.6666666,
                 "step_durations":{"mean_ms":812.5,"p50_ms":800,"p95_ms":1000,"longest_ms":1000},
                 "step_intervals":{"mean_ms":5000,"p50_ms":4000,"p95_ms":9000,"longest_ms":9000},
                 "steps_by_type":{"action":3,"thinking":1},"steps_by_action":{"Tap":3},"dropped_steps":10,
                 "losses":{"dropped_steps":{"queue_full":3,"outbox_full":7}},
                 "dropped_screenshots":0,"conflicts":0,"total_lost_screenshots":51,
                 "lost_screenshots":[{"step_number":1,"role":"before","reason":"no file","count":1},
                   {"step_number":2,"role":null,"reason":"too many","count":50}],"missing_steps":[{"first":5,"last":6}],
                 "findings":[{"kind":"gap","steps":[5,6],"detail":null}],
                 "errors":[{"step_number":2,"error_message":"App not found"}]}"""));

        Run run = api.run("report", TASK);

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "task       " + TASK,
                        "name       调大",
                        "described  调大?[2J 音量",
                        "agent      a",
                        "status     failed (max_steps)",
                        "started    2026-05-14T09:41:00Z, took 4 min 3 s",
                        "steps      4: 2 ok, 1 failed (67 % of these went well)",
                        "by type    action 3, thinking 1",
                        "by action  Tap 3",
                        "durations  mean 813 ms, half of them up to 800 ms, 95 % up to 1.0 s, the longest 1.0 s",
                        "intervals  mean 5.0 s, half of them up to 4.0 s, 95 % up to 9.0 s, the longest 9.0 s",
                        "lost       10 steps, which the recorder dropped: queue_full 3, outbox_full 7",
                        "lost       51 screenshots that steps should show",
                        "lost       step 1, before: no file",
                        "lost       step 2, -: too many (50)",
                        "missing    steps 5 to 6",
                        "finding    gap: steps 5,6",
                        "error      step 2: App not found");
    }

    @Test
    void aReportThatTellsNextToNothing_isASummaryAllTheSame() {
        api.on(REPORT, Answer.json(200, "{\"task_id\":\"" + TASK + "\",\"status\":\"running\",\"total_steps\":0}"));

        assertThat(api.run("report", TASK).out()).contains("status     running", "steps      0: - ok, - failed");
    }

    @Test
    void manyErrors_areCounted() {
        String error = "{\"step_number\":1,\"error_message\":\"x\"}";
        api.on(REPORT, Answer.json(200, "{\"errors\":[" + (error + ",").repeat(1000) + error + "]}"));

        assertThat(api.run("report", TASK).out().lines().filter(line -> line.startsWith("error")))
                .hasSize(21)
                .last()
                .isEqualTo("error      and 981 more: --format json has them all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--format json"})
    void json_isWhatTheApiSays(String option) throws Exception {
        api.on(REPORT, Answer.json(200, "{\"success_rate\":0.10,\"name\":\"音\"}"));

        String out = api.run(("report " + TASK + " " + option).split(" ")).out();

        assertThat(new ObjectMapper().readTree(out).path("name").asText()).isEqualTo("音");
        assertThat(out).contains("0.10");
        assertThat(api.asked()).containsExactly(REPORT);
    }
}
