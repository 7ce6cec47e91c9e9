package dev.steptrail.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Request;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code steptrail prices}, and tokens and costs in lists. */
class PricesTest extends ApiTestBase {
    private static final String SET = "PUT /api/admin/prices";
    private static final String PRICE =
            "{\"model\":\"qwen/qwen-vl-max\",\"valid_from\":\"2026-03-01\",\"currency\":\"USD\","
                    + "\"input_price\":\"3\",\"cached_price\":\"0.3\",\"output_price\":\"15\"}";

    @Test
    void prices_areListed() {
        api.on("GET /api/prices?limit=1000", Response.json(200, "{\"prices\":[" + PRICE + "],\"next_cursor\":null}"));

        assertThat(api.run("prices").out().lines())
                .containsExactly(
                        "FROM        CURRENCY  INPUT  CACHED  OUTPUT  MODEL",
                        "2026-03-01  USD       3      0.3     15      qwen/qwen-vl-max");
    }

    @Test
    void set_sendsThePricesAsTheyAreWritten() {
        api.on(SET, Response.json(200, PRICE));

        Run run = api.run(
                "prices",
                "set",
                "qwen/qwen-vl-max",
                "--input",
                "3.00",
                "--output",
                "15.00",
                "--cached",
                "0.30",
                "--currency",
                "USD",
                "--from",
                "2026-03-01");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().strip())
                .isEqualTo(
                        "set price of qwen/qwen-vl-max from 2026-03-01: USD 3 input, 0.3 cached, 15 output per million"
                                + " tokens");
        assertThat(api.requests())
                .singleElement()
                .extracting(Request::body)
                .isEqualTo("{\"model\":\"qwen/qwen-vl-max\",\"valid_from\":\"2026-03-01\",\"currency\":\"USD\","
                        + "\"input_price\":\"3.00\",\"output_price\":\"15.00\",\"cached_price\":\"0.30\"}");
    }

    @Test
    void set_withoutADay_startsToday() {
        api.on(SET, Response.json(200, PRICE));
        LocalDate before = LocalDate.now(ZoneOffset.UTC);

        api.run("prices", "set", "glm", "--input", "3", "--output", "4", "--currency", "USD");

        assertThat(api.requests().get(0).body())
                .containsAnyOf(before.toString(), LocalDate.now(ZoneOffset.UTC).toString())
                .doesNotContain("cached_price");
    }

    @Test
    void invalidPrices_areReportedWithTheReason() {
        api.on(SET, Response.problem(400, "bad-request", "input_price: must be a number per million tokens."));

        String manyDigits = "0.1234567890123";
        assertThat(api.run("prices", "set", "glm", "--input", manyDigits, "--output", "4", "--currency", "USD")
                        .err()
                        .strip())
                .isEqualTo("steptrail: input_price: must be a number per million tokens.");
        assertThat(api.run("prices", "set", "glm", "--input", "3", "--output", "4")
                        .err())
                .contains("--currency");
        Run wrongDay = api.run("prices", "delete", "glm", "--from", "yesterday");
        assertThat(wrongDay.exitCode()).isEqualTo(2);
        assertThat(wrongDay.err()).contains("--from", "yesterday");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --input -1 --output 4 --currency USD             | --input must be a number that is not negative, such as 3.00, but is '-1'
            --input 1 --output 1e3 --currency USD            | --output must be a number that is not negative, such as 3.00, but is '1e3'
            --input 1 --output 1 --cached x --currency USD   | --cached must be a number that is not negative, such as 3.00, but is 'x'
            --input 1 --output 1 --currency usd              | --currency must be three capital letters, such as USD, but is 'usd'
            """)
    void invalidOptions_areReportedByTheirNames_withoutARequest(String options, String problem) {
        Run run = api.run(("prices set glm " + options).split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().strip()).isEqualTo("steptrail: " + problem + "; see steptrail prices set --help");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void delete_encodesTheModel() {
        api.on(
                "DELETE /api/admin/prices?model=qwen%2Fqwen-vl-max&valid_from=2026-03-01",
                new Response(204, Map.of(), new byte[0]));

        Run run = api.run("prices", "delete", "qwen/qwen-vl-max", "--from", "2026-03-01");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().strip()).isEqualTo("deleted price of qwen/qwen-vl-max from 2026-03-01");
    }

    @Test
    void tasksAndSteps_showTokensAndCost_ifAsked() {
        String known = "\"usage\":{\"input_tokens\":1000,\"cached_tokens\":400,\"output_tokens\":30},"
                + "\"cost\":{\"amounts\":{\"CNY\":\"0.5\",\"USD\":\"0.0017\"},\"unpriced_tokens\":7}";
        api.on(
                "GET /api/tasks?limit=50",
                Response.json(
                        200,
                        "{\"tasks\":[{\"task_id\":\"a\",\"name\":\"camera\"," + known
                                + "},{\"task_id\":\"b\",\"name\":\"torch\",\"usage\":null,\"cost\":null}],\"next_cursor\":null}"));
        api.on(
                "GET /api/tasks/" + TASK + "/steps?limit=1000&order=asc",
                Response.json(200, "{\"steps\":[{\"step_number\":1," + known + "}],\"next_cursor\":null}"));

        assertThat(api.run("tasks", "--usage").out().lines())
                .anySatisfy(line -> assertThat(line).contains("TOKENS  COST "))
                .anySatisfy(line -> assertThat(line)
                        .containsPattern("1030 +CNY 0.5 \\+ USD 0.0017 \\+ 7 tokens without a price +camera"))
                .anySatisfy(line -> assertThat(line).containsPattern("- +- +torch"));
        assertThat(api.run("steps", TASK, "--usage").out()).contains("1030    CNY 0.5 + USD 0.0017 + 7 tokens");
        assertThat(api.run("tasks").out()).doesNotContain("TOKENS");
    }
}
