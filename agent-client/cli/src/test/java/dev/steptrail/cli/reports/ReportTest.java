package dev.steptrail.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code steptrail report} as text and as JSON. */
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
    void report_printsSummary() {
        api.on(REPORT, Response.json(200, """
                {"task_id":"0190163d-8694-739b-aea5-966c26f8ad91","name":"调大","description":"调大\\u001b[2J\\n音量","agent":"a",
                 "verdict":"fail","verdict_source":"human","disagreement":false,"total_verdicts":22,
                 "verdicts":[{"name":"success","value":"fail","source":"human","author":"ann","evaluator":null,"reason":"Too\\nlow"},
                   {"name":"speed","value":0.5,"source":"automatic","author":null,"evaluator":"judge","evaluator_version":"2",
                    "reason":null}],
                 "experiment":"prompt-8","case_id":"volume","repeat":0,"attributes":{"app_version":"8.1","n":[1,2]},
                 "model":null,"status":"failed","end_reason":"max_steps","message":null,"started_at":"2026-05-14T09:41:00Z",
                 "elapsed_ms":243000,"total_steps":4,"successful_steps":2,"failed_steps":1,"step_success_rate":0.6666666,
                 "step_durations":{"mean_ms":812.5,"p50_ms":800,"p95_ms":1000,"longest_ms":1000},
                 "step_intervals":{"mean_ms":5000,"p50_ms":4000,"p95_ms":9000,"longest_ms":9000},
                 "steps_by_type":{"action":3,"thinking":1},"steps_by_action":{"Tap":3},"dropped_steps":10,
                 "losses":{"dropped_steps":{"queue_full":3,"outbox_full":7}},
                 "dropped_screenshots":0,"conflicting_steps":0,"total_lost_screenshots":51,
                 "lost_screenshots":[{"step_number":1,"role":"before","reason":"no file","count":1},
                   {"step_number":2,"role":null,"reason":"too many","count":50}],"missing_steps":[{"first":5,"last":6}],
                 "findings":[{"kind":"gap","steps":[5,6],"detail":null}],
                 "errors":[{"step_number":2,"error_message":"App not found"}]}"""));

        Run run = api.run("report", TASK);

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "task        " + TASK,
                        "name        调大",
                        "instruction 调大?[2J 音量",
                        "agent       a",
                        "experiment  prompt-8",
                        "case        volume",
                        "repeat      0",
                        "attributes  app_version=8.1, n=1,2",
                        "status      failed (max_steps)",
                        "verdict     fail (human)",
                        "judgement   success fail by ann: Too low",
                        "judgement   speed 0.5 by judge 2",
                        "judgement   and 2 more; steptrail verdicts list prints all",
                        "started     2026-05-14T17:41:00+08:00, took 4 min 3 s",
                        "steps       4: 2 succeeded, 1 failed (success rate 67 %)",
                        "by type     action 3, thinking 1",
                        "by action   Tap 3",
                        "step time   mean 813 ms, median 800 ms, 95th percentile 1.0 s, maximum 1.0 s",
                        "intervals   mean 5.0 s, median 4.0 s, 95th percentile 9.0 s, maximum 9.0 s",
                        "lost        10 steps dropped by the recorder: queue_full 3, outbox_full 7",
                        "lost        51 screenshots missing from steps",
                        "lost        step 1, before: no file",
                        "lost        step 2, -: too many (50)",
                        "missing     steps 5 to 6",
                        "finding     gap: steps 5,6",
                        "error       step 2: App not found");
    }

    @Test
    void reportOfALongTask_printsHowManyStepsAreSummarised() {
        api.on(REPORT, Response.json(200, """
                {"total_steps":1000000,"successful_steps":990000,"failed_steps":10000,"summarised_steps":20000,
                 "truncated":true}"""));

        assertThat(api.run("report", TASK).out().lines())
                .contains(
                        "steps       1000000: 990000 succeeded, 10000 failed",
                        "summarised  20000 of 1000000 steps: the first and the last");
    }

    @Test
    void moreLabelsAndNotesThanPrinted_areCounted() {
        String labels = String.join(",", Collections.nCopies(1000, "{\"step_number\":1,\"label\":\"bad\"}"));
        String notes = String.join(",", Collections.nCopies(20, "{\"step_number\":null,\"text\":\"here\"}"));
        api.on(REPORT, Response.json(200, """
                {"total_labels":1203,"labels":[%s],"total_notes":20,"notes":[%s]}""".formatted(labels, notes)));

        assertThat(api.run("report", TASK).out().lines().filter(line -> line.matches("(label|note) .*")))
                .hasSize(21 + 20)
                .contains("label       and 1183 more; steptrail label list prints all");
    }

    @Test
    void findings_arePrintedWithFigures_andUnknownKindsAsJson() {
        api.on(REPORT, Response.json(200, """
                {"findings":[
                 {"kind":"gap","steps":[8],"detail":{"total":1,"dropped_steps":0}},
                 {"kind":"gap","steps":[8,9],"detail":{"total":2,"dropped_steps":1}},
                 {"kind":"clock_backwards","steps":[4],"detail":{"total":1,"largest_ms":3000}},
                 {"kind":"missing_screenshot","steps":[2],"detail":null},
                 {"kind":"loop","steps":[2,4,6],
                  "detail":{"count":3,"action":"Tap","screen":"unchanged","first_action":"{\\"element\\":[1,2]}"}},
                 {"kind":"no_progress","steps":[1,2],"detail":{"count":7,"screen":"unchanged"}},
                 {"kind":"no_progress","steps":[1,2],"detail":{"count":6,"screen":"unknown","actions":2}},
                 {"kind":"path_deviation","steps":[2],"detail":{"usual_action":"Tap 100,\\u001b100"}},
                 {"kind":"novel","steps":[1],"detail":{"a":1}}]}"""));

        assertThat(api.run("report", TASK).out().lines().filter(line -> line.startsWith("finding")))
                .containsExactly(
                        "finding     gap: 1 step missing; step 8",
                        "finding     gap: 2 steps missing; the recorder reported 1 dropped; steps 8,9",
                        "finding     clock_backwards: 1 time, by up to 3.0 s; step 4",
                        "finding     missing_screenshot: step 2",
                        "finding     loop: Tap 3 times, on an unchanged screen; first action {\"element\":[1,2]}; steps 2,4,6",
                        "finding     no_progress: 7 steps in a row, on an unchanged screen; steps 1,2",
                        "finding     no_progress: the same 2 actions repeated in 6 steps, on an unknown screen; steps 1,2",
                        "finding     path_deviation: other tasks do Tap 100,?100; step 2",
                        "finding     novel: {\"a\":1}; step 1");
    }

    @Test
    void suggestions_arePrinted() {
        api.on(REPORT, Response.json(200, """
                {"expectation":{"tasks":5,"successes":4,"success_rate":0.8,"success_rate_low":0.376,"success_rate_high":0.964},
                 "suggestions":[
                 {"kind":"unknown_app","steps":[5],"figures":{"app":"相机","count":1}},
                 {"kind":"too_many_waits","steps":[1,2,3,4,5],"figures":{"count":5,"steps":20}},
                 {"kind":"too_many_waits","steps":[1,2,3,4,5],"figures":{"count":5,"steps":20,"waited_ms":61000}},
                 {"kind":"repeated_touch","steps":[1,2,3],
                  "figures":{"count":3,"screen":"unknown","action":"Tap","first_action":"{\\"element\\":[1,2]}"}},
                 {"kind":"take_over","steps":[3],"figures":{"count":1}},
                 {"kind":"slow_model","steps":[3],"figures":{"count":5,"steps":8,"mean_ms":12400}},
                 {"kind":"large_screenshots","steps":[3],"figures":{"count":5,"screenshots":8,"mean_bytes":512000}},
                 {"kind":"shorter_path","steps":[3,4],"figures":{"saved_steps":7,"task_id":"r1"}},
                 {"kind":"novel","steps":[1],"figures":{"a":1}}]}"""));

        assertThat(api.run("report", TASK)
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("tasks") || line.startsWith("suggestion")))
                .containsExactly(
                        "tasks       4 of 5 tasks succeeded (80 %), 95 % interval 38 to 96 %",
                        "suggestion  unknown_app: the agent does not know the app 相机 (1 time): add it to the agent's list of apps,"
                                + " or use the name that the phone shows; step 5",
                        "suggestion  too_many_waits: 5 of 20 steps only wait: let the agent wait once, until the screen that it needs"
                                + " appears; steps 1,2,3,4,5",
                        "suggestion  too_many_waits: 5 of 20 steps only wait, 1 min 1 s in total: let the agent wait once, until the"
                                + " screen that it needs appears; steps 1,2,3,4,5",
                        "suggestion  repeated_touch: one place was touched 3 times, on an unknown screen: let the agent try"
                                + " something else after the second time; first action {\"element\":[1,2]}; steps 1,2,3",
                        "suggestion  take_over: the agent asked a person to take over 1 time: give it what it needs, such as a login,"
                                + " or omit that part of the instruction; step 3",
                        "suggestion  slow_model: the model took 10 s or longer in 5 of 8 steps, 12.4 s on average: use a faster model"
                                + " or server, or smaller screenshots; step 3",
                        "suggestion  large_screenshots: screenshots take 512 kB on average: lower the shipper's quality; step 3",
                        "suggestion  shorter_path: task r1 took 7 fewer steps: suggest its path to the agent; steps 3,4",
                        "suggestion  novel: {\"a\":1}; step 1");
    }

    @Test
    void minimalReport_printsSummary() {
        api.on(REPORT, Response.json(200, "{\"task_id\":\"" + TASK + "\",\"status\":\"running\",\"total_steps\":0}"));

        assertThat(api.run("report", TASK).out())
                .contains("status      running", "steps       0: - succeeded, - failed");
    }

    @Test
    void manyErrors_areCounted() {
        String error = "{\"step_number\":1,\"error_message\":\"x\"}";
        api.on(REPORT, Response.json(200, "{\"errors\":[" + (error + ",").repeat(1000) + error + "]}"));

        assertThat(api.run("report", TASK).out().lines().filter(line -> line.startsWith("error")))
                .hasSize(21)
                .last()
                .isEqualTo("error       and 981 more; use --format json to print all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--format json"})
    void json_equalsResponseOfApi(String option) throws Exception {
        api.on(REPORT, Response.json(200, "{\"step_success_rate\":0.10,\"name\":\"音\"}"));

        String out = api.run(("report " + TASK + " " + option).split(" ")).out();

        assertThat(new ObjectMapper().readTree(out).path("name").asText()).isEqualTo("音");
        assertThat(out).contains("0.10");
        assertThat(api.requestLines()).containsExactly(REPORT);
    }
}
