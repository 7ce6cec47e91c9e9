package dev.steptrail.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import org.junit.jupiter.api.Test;

/** {@code steptrail insights}. */
class InsightsTest extends ApiTestBase {
    private static final String INSIGHTS = "GET /api/insights";
    private static final String NOTHING = "{\"insights\":[],\"enough_tasks\":%s,\"next_cursor\":null}";

    @Test
    void insights_printsOneLineEach_belowTheirTask_acrossPages() {
        api.on(INSIGHTS, Response.json(200, """
                        {"insights":[
                         {"kind":"similar_failures","instruction":"查天气","owner":"ann","tasks":["r1","r2"],"steps":[],
                          "figures":{"error":"app not\\nfound","tasks":3,"failures":5}},
                         {"kind":"path_deviation","instruction":"查天气","owner":"ann","tasks":["r1"],"steps":["r1.4"],
                          "figures":{"tasks":1,"failures":5}},
                         {"kind":"slow_step","instruction":"查天气","owner":"ann","tasks":[],"steps":[],"figures":{"steps":2}},
                         {"kind":"slow_step","instruction":"查天气","owner":"ann","tasks":[],"steps":[],
                          "figures":{"steps":1,"action":"Tap 1,2","duration_ms":30000,"usual_ms":3000}}],
                         "enough_tasks":true,"next_cursor":"more"}"""), Response.json(200, """
                        {"insights":[
                         {"kind":"expectation","instruction":"查天气","owner":"ann","tasks":["r1"],"steps":[],
                          "figures":{"tasks":24,"successes":18,"success_rate":0.75,"success_rate_low":0.551,"success_rate_high":0.88,
                          "duration_p10_ms":31000,"duration_p50_ms":42000,"duration_p90_ms":83000}},
                         {"kind":"expectation","instruction":"查天气","owner":"bob","tasks":["r9"],"steps":[],
                          "figures":{"tasks":5,"successes":0,"success_rate":0,"success_rate_low":0,"success_rate_high":0.434,
                          "claimed_successes":4,"verified":5,"disagreements":4}},
                         {"kind":"false_success","instruction":"查天气","owner":"bob","tasks":["r9"],"steps":[],
                          "figures":{"tasks":5,"false_successes":4,"share":0.8}},
                         {"kind":"flaky","instruction":"photo","owner":"bob","tasks":[],"steps":[],
                          "figures":{"tasks":24,"successes":12,"success_rate":0.5}},
                         {"kind":"regression","instruction":"photo","owner":"bob","tasks":[],"steps":[],
                          "figures":{"dimension":"model","from":"a","to":"b","what":"success","before":0.9,"after":0.4,
                          "tasks_before":20,"tasks_after":10}},
                         {"kind":"regression","instruction":"photo","owner":"bob","tasks":[],"steps":[],
                          "figures":{"dimension":"app_version","from":"1","to":"2","what":"duration","before":20000,"after":45000,
                          "tasks_before":9,"tasks_after":8}},
                         {"kind":"shorter_path","instruction":"photo","owner":"bob","tasks":[],"steps":[],
                          "figures":{"usual_steps":15,"steps":9,"saved_steps":6,"tasks":18,"shorter_tasks":6}},
                         {"kind":"novel","instruction":"photo","owner":"bob","tasks":[],"steps":[],"figures":{"a":1}},
                         {"kind":"failures_on_screen","instruction":"","owner":"bob","tasks":["r1"],"steps":["r1.7"],
                          "figures":{"tasks":3,"failures":5,"errors":2}},
                         {"kind":"failures_on_screen","instruction":"","owner":"bob","tasks":[],"steps":[],
                          "figures":{"tasks":3,"failures":5,"errors":1,"error":"no\\nnode"}},
                         {"kind":"failures_on_screen","instruction":"","owner":"bob","tasks":[],"steps":[],
                          "figures":{"tasks":4,"failures":5,"errors":1}},
                         {"kind":"frequent_sequence","instruction":"","owner":"bob","tasks":["r1"],"steps":["r1.2"],
                          "figures":{"actions":["Launch 相机","Tap 1,2","Back"],"tasks":8,"of_tasks":40,"instructions":3}},
                         {"kind":"frequent_sequence","instruction":"","owner":"bob","tasks":[],"steps":[],
                          "figures":{"actions":["Tap 1,2","Home","Back"],"tasks":5,"of_tasks":40,"instructions":1}}],
                         "enough_tasks":true,"next_cursor":null}"""));

        Run run = api.run("insights");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "查天气 (ann)",
                        "  similar_failures    3 of 5 failed tasks have the same last error: app not found; see r1",
                        "  path_deviation      1 of 5 failed tasks left the path that successful tasks take; see r1.4",
                        "  slow_step           2 steps took much longer than usual",
                        "  slow_step           1 step took much longer than usual, the slowest Tap 1,2: 30.0 s instead of 3.0 s",
                        "  expectation         18 of 24 tasks succeeded (75 %), 95 % interval 55 to 88 %; successful tasks take"
                                + " 42.0 s (median), 31.0 s to 1 min 23 s (80 %); see r1",
                        "查天气 (bob)",
                        "  expectation         0 of 5 tasks succeeded (0 %), 95 % interval 0 to 43 %; agents claim success of 4,"
                                + " 4 of 5 verdicts disagree; see r9",
                        "  false_success       4 of 5 judged tasks whose agent claims success have the verdict fail (80 %); see r9",
                        "photo (bob)",
                        "  flaky               12 of 24 tasks succeeded (50 %), with no trend over time",
                        "  regression          the success rate fell from 90 % (model a, 20 tasks) to 40 % (model b, 10 tasks)",
                        "  regression          successful tasks took 20.0 s (app_version 1, 9 tasks) and then 45.0 s (app_version 2, 8"
                                + " tasks)",
                        "  shorter_path        6 of 18 successful tasks took about 9 steps instead of the usual 15",
                        "  novel               {\"a\":1}",
                        "(all instructions) (bob)",
                        "  failures_on_screen  3 of 5 failed tasks with screenshots ended on the same screen, with 2"
                                + " different errors; see r1.7",
                        "  failures_on_screen  3 of 5 failed tasks with screenshots ended on the same screen, with the"
                                + " error no node",
                        "  failures_on_screen  4 of 5 failed tasks with screenshots ended on the same screen, without"
                                + " an error",
                        "  frequent_sequence   8 of 40 tasks of 3 instructions contain the sequence Launch 相机, \"Tap 1,2\", Back; see r1.2",
                        "  frequent_sequence   5 of 40 tasks contain the sequence \"Tap 1,2\", Home, Back");
    }

    @Test
    void filters_arePassedToApi_andLimitIsReported() {
        api.on(INSIGHTS, Response.json(200, """
                {"insights":[{"kind":"flaky","instruction":"a","owner":"ann","tasks":[],"steps":[],"figures":{}}],
                 "enough_tasks":true,"next_cursor":"more"}"""));

        Run run = api.run("insights", "--kind", "flaky", "--instruction", "音 a", "--owner", "ann", "--limit", "1");

        assertThat(run.out().lines()).last().isEqualTo("(the first 1; use --limit for more)");
        assertThat(api.requestLines())
                .containsExactly(INSIGHTS + "?instruction=%E9%9F%B3%20a&kind=flaky&limit=1&owner=ann");
    }

    @Test
    void noInsights_reportsWhetherThereWereEnoughTasks() {
        api.on(INSIGHTS, Response.json(200, NOTHING.formatted(false)));
        assertThat(api.run("insights").out().strip())
                .isEqualTo("(no insights yet: they need at least five ended tasks with the same instruction)");

        api.on(
                INSIGHTS,
                Response.json(
                        200, "{\"insights\":[],\"enough_tasks\":false,\"updated_at\":null,\"next_cursor\":null}"));
        assertThat(api.run("insights").out().strip())
                .isEqualTo("(no insights yet: maintenance computes them and has not run yet)");

        api.on(INSIGHTS, Response.json(200, NOTHING.formatted(true)));
        assertThat(api.run("insights").out().strip()).isEqualTo("(no insights)");
        assertThat(api.run("insights", "--json").out().strip()).isEqualTo("{\"insights\":[]}");
    }

    @Test
    void controlCharactersFromAgent_areReplaced() {
        api.on(INSIGHTS, Response.json(200, """
                {"insights":[{"kind":"similar_failures","instruction":"\\u001b[2Jx","owner":"ann","tasks":[],"steps":[],
                 "figures":{"error":"\\u202eabc","tasks":3,"failures":3}}],"enough_tasks":true,"next_cursor":null}"""));

        assertThat(api.run("insights").out().lines())
                .containsExactly(
                        "?[2Jx (ann)", "  similar_failures    3 of 3 failed tasks have the same last error: ?abc");
    }
}
