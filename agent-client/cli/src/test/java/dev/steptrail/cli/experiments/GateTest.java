package dev.steptrail.cli.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.experiments.ExperimentResponses.Case;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** {@code steptrail gate}. */
class GateTest extends ApiTestBase {
    private static final String ONE = "GET /api/experiments/prompt-8";

    /** The cases of an experiment. */
    private enum Cases {
        GOOD(Case.of("camera", 10, 0), Case.of("torch", 8, 2)),
        FEW(Case.of("camera", 10, 0), Case.of("torch", 4, 0)),
        NONE(Case.of("camera", 0, 0)),
        WORSE(new Case("camera", 10, 0, 10, 0, "unchanged"), new Case("torch", 2, 8, 10, 0, "regression")),
        WORSE_AND_FEW(new Case("new", 5, 0, 0, 0, "too_few"), new Case("torch", 2, 8, 10, 0, "regression"));

        private final List<Case> list;

        Cases(Case... cases) {
            list = List.of(cases);
        }
    }

    @TempDir
    private Path folder;

    private Run gate(List<Case> cases, String options) {
        api.on(ONE, Response.json(200, ExperimentResponses.experiment(cases)));
        return api.run(("gate --experiment prompt-8 " + options).split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "GOOD, --min-success 0.9, 0, passed",
        "GOOD, --min-success 0.900001, 1, failed",
        "GOOD, --min-success-lower 0.55, 0, passed",
        "GOOD, --min-success 0.5 --min-success-lower 0.56, 1, failed",
        "FEW, --min-success 0.9, 3, too few",
        "FEW, --min-success 0.9 --allow-few, 0, passed",
        "NONE, --min-success 0, 3, too few",
        "NONE, --min-success 0 --allow-few, 3, too few",
        "WORSE, --baseline prompt-7, 1, failed",
        "WORSE, --baseline prompt-7 --max-regressions 1, 0, passed",
        "WORSE, --baseline prompt-7 --max-regressions 1 --min-success 0.7, 1, failed",
        "WORSE_AND_FEW, --baseline prompt-7, 1, failed",
        "WORSE_AND_FEW, --baseline prompt-7 --max-regressions 1, 3, too few",
        "WORSE_AND_FEW, --baseline prompt-7 --max-regressions 1 --allow-few, 0, passed",
    })
    void exitCode_isThatOfTheResult(Cases cases, String options, int exitCode, String result) throws Exception {
        Path file = folder.resolve("gate.xml");

        Run run = gate(cases.list, options + " --junit " + file);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out().lines().reduce((first, last) -> last).orElseThrow())
                .startsWith(result);
        Element suite = suite(file);
        int problems =
                Integer.parseInt(suite.getAttribute("failures")) + Integer.parseInt(suite.getAttribute("errors"));
        assertThat(problems > 0).isEqualTo(exitCode != 0);
        assertThat(suite.getElementsByTagName("testcase").getLength())
                .isEqualTo(Integer.parseInt(suite.getAttribute("tests")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--min-success 1.1",
                "--min-success -0.1",
                "--min-success high",
                "--min-success-lower 2",
                "--max-regressions 1",
                "--baseline prompt-7 --max-regressions -1",
                "--baseline prompt%7",
                "--allow-few"
            })
    void wrongUsage_isExitCode2(String options) {
        Run run = gate(Cases.GOOD.list, options);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void unknownExperiment_unreachableApi_andUnwritableFile_areExitCode4() {
        String[] command = {"gate", "--experiment", "prompt-8", "--min-success", "0.5"};
        api.on(ONE, Response.problem(404, "no-such-experiment", "The experiment does not exist."));
        StringWriter err = new StringWriter();

        Run unknown = api.run(command);
        int unreachable = Steptrail.run(
                Map.of("STEPTRAIL_API", "http://127.0.0.1:1", "STEPTRAIL_TOKEN", ScriptedApi.TOKEN),
                new PrintWriter(new StringWriter(), true),
                new PrintWriter(err, true),
                command);
        Run unwritable = api.run(Stream.concat(
                        Stream.of(command),
                        Stream.of("--junit", folder.resolve("none/gate.xml").toString()))
                .toArray(String[]::new));

        assertThat(unknown.exitCode()).isEqualTo(4);
        assertThat(unknown.err().strip())
                .isEqualTo(
                        "steptrail: The experiment does not exist. Admins read those of another owner with --owner.");
        assertThat(unreachable).isEqualTo(4);
        assertThat(err.toString()).contains("cannot be reached");
        assertThat(unwritable.exitCode()).isEqualTo(4);
        assertThat(unwritable.err()).contains("folder that does not exist");
    }

    @Test
    void text_namesConditionsAndCases() {
        assertThat(gate(Cases.WORSE_AND_FEW.list, "--baseline prompt-7 --min-success 0.4 --min-success-lower 0.6")
                        .out()
                        .lines())
                .containsExactly(
                        "prompt-8: 7 of 15 passed, 0 unclear, 1 running",
                        "ok      --min-success 0.4: the pass rate is 0.467 (7 of 15)",
                        "failed  --min-success-lower 0.6: expected a lower bound of the pass rate of at least 0.6, but it"
                                + " is 0.55",
                        "failed  --max-regressions 0: expected at most 0 regressions, but there is 1",
                        "regression  2/10, baseline 10/10  torch",
                        "too few     5/5, only in prompt-8  new",
                        "failed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GOOD  | --min-success 1               | expected a pass rate of at least 1, but it is 0.9 (18 of 20)
            NONE  | --min-success 0.5             | expected a pass rate of at least 0.5, but it is unknown
            NONE  | --min-success-lower 0         | expected a lower bound of the pass rate of at least 0, but it is unknown
            GOOD  | --min-success-lower 0.5       | the lower bound of the pass rate is 0.55
            WORSE | --max-regressions 1           | there is 1 regression
            GOOD  | --max-regressions 1           | there are 0 regressions
            """)
    void condition_isDescribedByExpectedAndActualValue(Cases cases, String option, String text) {
        String baseline = option.startsWith("--max-regressions") ? " --baseline prompt-7" : "";

        assertThat(gate(cases.list, option + baseline).out()).contains(option + ": " + text + System.lineSeparator());
    }

    /** The rate is rounded to the limit, but the comparison is exact. */
    @Test
    void passRateSlightlyBelowTheLimit_fails_andTheCountsShowWhy() {
        Run run = gate(List.of(Case.of("camera", 8999, 1001)), "--min-success 0.9");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("at least 0.9, but it is 0.9 (8999 of 10000)");
    }

    @Test
    void tooFew_namesWhatHelps() {
        Case onlyNew = new Case("new", 6, 0, 0, 0, "too_few");
        Case onlyOld = new Case("old", 0, 0, 9, 1, "too_few");
        Case few = new Case("few", 4, 0, 9, 1, "too_few");
        String run = "cases that are only in one experiment are not compared: run them in the other one, too";

        assertThat(gate(List.of(onlyNew, onlyOld), "--baseline prompt-7").out().lines())
                .contains(
                        "too few     6/6, only in prompt-8  new",
                        "too few     0/0, baseline 9/10, only in prompt-7  old")
                .last()
                .isEqualTo("too few: " + run + "; or use --allow-few");
        assertThat(gate(List.of(few), "--baseline prompt-7").out().lines())
                .last()
                .isEqualTo("too few: each case needs 5 tasks with an outcome: repeat the cases; or use --allow-few");
        assertThat(gate(List.of(few, onlyNew), "--baseline prompt-7").out().lines())
                .last()
                .asString()
                .contains("repeat the cases; " + run);
    }

    @Test
    void json_containsConditionsAndCases() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(gate(Cases.WORSE_AND_FEW.list, "--baseline prompt-7 --min-success 0.4 --json")
                        .out());

        assertThat(json.toString())
                .isEqualTo(
                        "{\"result\":\"failed\",\"experiment\":\"prompt-8\",\"baseline\":\"prompt-7\",\"conditions\":["
                                + "{\"name\":\"min_success\",\"limit\":0.4,\"actual\":0.467,\"met\":true},"
                                + "{\"name\":\"max_regressions\",\"limit\":0,\"actual\":1,\"met\":false}],"
                                + "\"regressions\":[\"torch\"],\"fixes\":[],\"too_few\":[\"new\"]}");
        assertThat(new ObjectMapper()
                        .readTree(gate(Cases.NONE.list, "--min-success 0.4 --json")
                                .out())
                        .path("baseline")
                        .isNull())
                .isTrue();
    }

    @Test
    void junitFile_hasATestForEachConditionAndCase() throws Exception {
        Path file = folder.resolve("gate.xml");
        List<Case> cases = List.of(
                new Case("new <&\\u0001>", 5, 0, 0, 0, "too_few"), new Case("torch", 2, 8, 10, 0, "regression"));

        gate(cases, "--baseline prompt-7 --allow-few --junit " + file);

        assertThat(suite(file).getAttribute("name")).isEqualTo("prompt-8");
        NodeList tests = suite(file).getElementsByTagName("testcase");
        assertThat(description(tests.item(0)))
                .isEqualTo("gate --max-regressions 0.000 failure max-regressions: expected at most 0 regressions, but"
                        + " there is 1");
        assertThat(description(tests.item(1)))
                .isEqualTo("case new <&?> 31.250 skipped : too few: passed 5/5, only in prompt-8");
        assertThat(description(tests.item(2)))
                .isEqualTo("case torch 31.250 failure regression: regression: passed 2/10, baseline 10/10");
    }

    private static String description(Node test) {
        Element outcome = (Element) test.getFirstChild();
        return Stream.of("classname", "name", "time")
                        .map(((Element) test)::getAttribute)
                        .collect(Collectors.joining(" "))
                + " " + outcome.getTagName() + " " + outcome.getAttribute("type") + ": "
                + outcome.getAttribute("message");
    }

    private static Element suite(Path file) throws Exception {
        try (var content = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(content)
                    .getDocumentElement();
        }
    }
}
