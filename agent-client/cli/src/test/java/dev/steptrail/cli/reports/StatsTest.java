package dev.steptrail.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code steptrail stats}. */
class StatsTest extends ApiTestBase {
    private static final String DAY = """
            {"day":"2026-03-01","total_steps":40,"tasks":3,"pass_rate":0.667,"claimed_pass_rate":1.0,
             "verified_pass_rate":0.5,"disagreements":1,"usage":{"steps":4,"input_tokens":1000,"cached_tokens":400,"output_tokens":30},
             "cost":{"amounts":{"USD":"0.0042"},"unpriced_tokens":0}}""";

    private static Response stats(String groups) {
        return Response.json(200, "{\"since\":\"2026-03-01\",\"until\":\"2026-03-30\",\"stats\":[" + groups + "]}");
    }

    @Test
    void days_arePrintedAsATable() {
        api.on("GET /api/stats?group_by=day", stats(DAY));

        Run run = api.run("stats");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "TASKS  PASS RATE  CLAIMED  VERIFIED  DISAGREEMENTS  STEPS  TOKENS  COST        DAY",
                        "3      66.7 %     100 %    50 %      1              40     1030    USD 0.0042  2026-03-01");
        assertThat(api.run("stats", "--json").out()).contains("\"pass_rate\" : 0.667");
    }

    @Test
    void unknownValues_areDashes() {
        api.on("GET /api/stats?group_by=action", stats("""
                {"action":"","total_steps":2,"tasks":null,"pass_rate":null,"usage":null,"cost":null}"""));

        assertThat(api.run("stats", "--group-by", "action").out().lines())
                .containsExactly(
                        "TASKS  PASS RATE  CLAIMED  VERIFIED  DISAGREEMENTS  STEPS  TOKENS  COST  ACTION",
                        "-      -          -        -         -              2      -       -     -");
    }

    @ParameterizedTest
    @ValueSource(strings = {"day", "model", "action", "instruction"})
    void noGroup_ofStatisticsThatAreUpdatedHourly_doesNotMeanThatThereAreNoTasks(String grouping) {
        api.on("GET /api/stats?group_by=" + grouping, stats(""));

        assertThat(api.run("stats", "--group-by", grouping).out().strip())
                .isEqualTo("(no statistics from 2026-03-01 to 2026-03-30: they are updated hourly, so the newest tasks"
                        + " are missing)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag", "verdict"})
    void noGroup_ofTasks_meansThatThereAreNone(String grouping) {
        api.on("GET /api/stats?group_by=" + grouping, stats(""));

        assertThat(api.run("stats", "--group-by", grouping).out().strip())
                .isEqualTo("(no tasks from 2026-03-01 to 2026-03-30)");
    }

    @Test
    void filters_areSent() {
        api.on("GET /api/stats", stats(""));

        Run run = api.run(
                "stats --group-by metadata.build --since 2026-03-01 --until 2026-03-30 --agent a --model m --device d"
                        .concat(" --type action --owner ann")
                        .split(" "));

        assertThat(run.out().strip()).isEqualTo("(no tasks from 2026-03-01 to 2026-03-30)");
        assertThat(api.requestLines())
                .containsExactly("GET /api/stats?agent=a&device_id=d&group_by=metadata.build&model=m&owner=ann"
                        + "&since=2026-03-01&type=action&until=2026-03-30");
    }

    @Test
    void typeOf100Characters_isSent_andLongerOnesAreRejected() {
        String type = "t".repeat(100);
        api.on("GET /api/stats", stats(""));

        assertThat(api.run("stats", "--type", type).exitCode()).isZero();
        assertThat(api.run("stats", "--type", type + "t").exitCode()).isEqualTo(2);
        assertThat(api.requestLines()).containsExactly("GET /api/stats?group_by=day&type=" + type);
    }
}
