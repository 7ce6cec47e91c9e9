package dev.steptrail.cli.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import dev.steptrail.cli.experiments.ExperimentResponses.Case;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code steptrail experiments}. */
class ExperimentsTest extends ApiTestBase {
    private static final String ONE = "GET /api/experiments/prompt-8";

    @Test
    void list_printsOneLineEach() {
        api.on("GET /api/experiments", Response.json(200, """
                {"experiments":[{"name":"prompt 8","owner":"ann","first_started_at":"2026-03-01T10:00:00Z",
                 "last_started_at":"2026-03-01T11:00:00Z","cases":2,"tasks":21,"passes":14,"fails":6,"pass_rate":0.7,
                 "claimed_pass_rate":0.762,"verified_pass_rate":null}],"next_cursor":null}"""));

        Run run = api.run("experiments", "--owner", "ann");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "STARTED                    CASES  TASKS  PASS RATE  CLAIMED  VERIFIED  OWNER  NAME",
                        "2026-03-01T18:00:00+08:00  2      21     70 %       76.2 %   -         ann    prompt 8");
        assertThat(api.requestLines()).containsExactly("GET /api/experiments?limit=50&owner=ann");
    }

    @Test
    void experiment_withBaseline_showsTheChangeOfEachCase() {
        api.on(
                ONE,
                Response.json(
                        200,
                        ExperimentResponses.experiment(List.of(
                                new Case("torch", 2, 8, 10, 0, "regression"), new Case(null, 1, 0, 9, 1, "too_few")))));

        Run run = api.run("experiments", "prompt-8", "--baseline", "prompt-7", "--utc");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "experiment  prompt-8",
                        "started     2026-03-01T10:00:00Z to 2026-03-01T11:00:00Z",
                        "attributes  app_version=8.1, prompt_version=8",
                        "attributes  app_version=8.2",
                        "tasks       12: 3 passed, 8 failed, 0 unclear, 1 running",
                        "pass rate   27.3 % (95 % interval 55 % to 95 %); claimed 100 %, verified -",
                        "tokens      420",
                        "cost        USD 0.0042",
                        "",
                        "baseline    prompt-7",
                        "tasks       21: 19 passed, 1 failed, 0 unclear, 1 running",
                        "pass rate   95 % (95 % interval 60 % to 95 %); claimed 100 %, verified -",
                        "tokens      420",
                        "cost        USD 0.0042",
                        "changes     1 regression, 0 fix, 0 unchanged, 1 too few",
                        "",
                        "CHANGE      PASSED  BASELINE  PASS RATE  95 % INTERVAL  STEPS  MS     TOKENS  COST        CASE",
                        "regression  2/10    10/10     20 %       25 % to 95 %   6.5    31250  420     USD 0.0042  torch",
                        "too few     1/1     9/10      100 %      25 % to 95 %   6.5    31250  420     USD 0.0042  (no case id)");
    }

    @Test
    void casesOfOneExperiment_areNotCalledTooFew() {
        api.on(
                ONE,
                Response.json(
                        200,
                        ExperimentResponses.experiment(List.of(
                                new Case("new", 6, 0, 0, 0, "too_few"), new Case("old", 0, 0, 9, 1, "too_few")))));

        assertThat(api.run("experiments", "prompt-8", "--baseline", "prompt-7")
                        .out()
                        .lines())
                .anyMatch(line -> line.matches("only in prompt-8 +6/6 .* new"))
                .anyMatch(line -> line.matches("only in prompt-7 +0/0 +9/10 .* old"))
                .last()
                .isEqualTo("Cases that are only in one experiment are not compared: run them in the other one, too");
    }

    @Test
    void experimentOfAnotherOwner_isReportedWithTheOption() {
        api.on(ONE, Response.problem(404, "no-such-experiment", "The experiment does not exist."));

        assertThat(api.run("experiments", "prompt-8").err().strip())
                .isEqualTo(
                        "steptrail: The experiment does not exist. Admins read those of another owner with --owner.");
        assertThat(api.run("experiments", "prompt-8", "--owner", "ann").err().strip())
                .isEqualTo("steptrail: The experiment does not exist.");
    }

    @Test
    void json_containsTheCasesOfAllPages() throws IOException {
        api.on(
                ONE + "?limit=1000",
                Response.json(200, ExperimentResponses.experiment(List.of(Case.of("camera", 5, 0)), "\"next\"")));
        api.on(
                ONE + "?cursor=next&limit=1000",
                Response.json(200, ExperimentResponses.experiment(List.of(Case.of("torch", 5, 0)))));

        JsonNode printed = new ObjectMapper()
                .readTree(api.run("experiments", "prompt-8", "--json").out());

        assertThat(printed.get("cases").findValuesAsText("case_id")).containsExactly("camera", "torch");
        assertThat(printed.has("next_cursor")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100%", "a\\b", "a//b", "../tasks", "a/."})
    void nameThatNoExperimentHas_isWrongUsage(String name) {
        Run run = api.run("experiments", name);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "the name must not contain control characters, \\ or %, or a part between slashes that is empty, . or"
                                + " .., but is '" + name + "'");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void name_isEncodedExceptForSlashes_andBaselineRequiresIt() {
        api.on(
                "GET /api/experiments/nightly/1%20a",
                Response.problem(404, "no-such-experiment", "The experiment does not exist."));

        Run unknown = api.run("experiments", "nightly/1 a");
        Run usage = api.run("experiments", "--baseline", "prompt-7");

        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).startsWith("steptrail: The experiment does not exist.");
        assertThat(usage.exitCode()).isEqualTo(2);
        assertThat(usage.err()).contains("--baseline requires NAME");
    }
}
