package dev.steptrail.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Request;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code steptrail verdicts}. */
class VerdictsTest extends ApiTestBase {
    private static final String VERDICTS = "/api/tasks/" + TASK + "/verdicts";
    private static final String HUMAN =
            "{\"verdict_id\":7,\"name\":\"success\",\"value\":\"fail\",\"source\":\"human\",\"author\":\"ann\","
                    + "\"evaluator\":null,\"evaluator_version\":null,\"reason\":\"No\\npicture\","
                    + "\"judged_at\":\"2026-05-14T09:41:00Z\"}";
    private static final String AUTOMATIC =
            "{\"verdict_id\":8,\"name\":\"efficiency\",\"value\":0.50,\"source\":\"automatic\",\"author\":null,"
                    + "\"evaluator\":\"judge.py\",\"evaluator_version\":\"2\",\"reason\":null,"
                    + "\"judged_at\":\"2026-05-14T09:41:00Z\"}";

    @Test
    void list_printsVerdicts() {
        api.on(
                "GET " + VERDICTS + "?limit=1000",
                Response.json(200, "{\"verdicts\":[" + AUTOMATIC + "," + HUMAN + "],\"next_cursor\":null}"));

        assertThat(api.run("verdicts", "list", TASK).out().lines())
                .containsExactly(
                        "VERDICT  NAME        VALUE  SOURCE     JUDGE       JUDGED AT                  REASON",
                        "8        efficiency  0.50   automatic  judge.py 2  2026-05-14T17:41:00+08:00  -",
                        "7        success     fail   human      ann         2026-05-14T17:41:00+08:00  No picture");
    }

    @Test
    void set_sendsOnlyTheGivenFields() {
        api.on("PUT " + VERDICTS, Response.json(200, HUMAN));

        Run run = api.run("verdicts", "set", TASK, "fail");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().strip()).isEqualTo("verdict 7: success fail, by ann");
        assertThat(api.requests()).extracting(Request::body).containsExactly("{\"value\":\"fail\"}");
    }

    @Test
    void set_withAllOptions_sendsThem_andANumberAsANumber() {
        api.on("PUT " + VERDICTS, Response.json(200, AUTOMATIC));

        Run run = api.run(
                "verdicts",
                "set",
                TASK,
                "0.50",
                "--name",
                "efficiency",
                "--reason",
                "slow",
                "--evaluator",
                "judge.py",
                "--evaluator-version",
                "2",
                "--json");

        assertThat(run.out()).contains("\"value\":0.50");
        assertThat(api.requests())
                .extracting(Request::body)
                .containsExactly(
                        "{\"value\":0.50,\"name\":\"efficiency\",\"reason\":\"slow\",\"evaluator\":\"judge.py\","
                                + "\"evaluator_version\":\"2\"}");
    }

    @Test
    void invalidValue_isReported_withoutARequest() {
        Run run = api.run("verdicts", "set", TASK, "passed");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the value must be pass, fail, unclear or a number, but is 'passed'");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void delete_deletesTheVerdict() {
        api.on("DELETE " + VERDICTS + "/7", new Response(204, Map.of(), new byte[0]));

        assertThat(api.run("verdicts", "delete", TASK, "7").out().strip()).isEqualTo("deleted 7");
        assertThat(api.run("verdicts", "delete", TASK, "8").exitCode()).isEqualTo(1);
    }
}
