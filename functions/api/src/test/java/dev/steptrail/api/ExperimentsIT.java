package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.experiments.ExperimentRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExperimentsIT {
    private static final SeparateApi API = new SeparateApi();

    private static final String LIST = "GET /api/experiments";
    private static final String ONE = "GET /api/experiments/{name+}";

    private final Api admin = API.admin;
    private final Api bob = API.by("bob");
    private final Api erin = API.by("erin");
    private final Api frank = API.by("frank");

    @BeforeAll
    static void run() {
        repeat("nightly/1", "camera", 10, 0);
        repeat("nightly/1", "torch", 10, 0);
        repeat("nightly/1", "wifi", 1, 9);
        repeat("nightly/1", "old", 5, 0);
        repeat("nightly/2", "camera", 9, 1);
        repeat("nightly/2", "torch", 2, 8);
        repeat("nightly/2", "wifi", 10, 0);
        repeat("nightly/2", "new", 5, 0);
    }

    private static void repeat(String experiment, String caseId, int passes, int fails) {
        for (int i = 0; i < passes + fails; i++) {
            UUID id = UuidV7.at(START);
            API.write(
                    "erin",
                    startedRepeat(id, START, experiment, caseId),
                    ended(id, i < passes ? TaskStatus.SUCCEEDED : TaskStatus.FAILED, 30));
        }
    }

    private static List<String> changes(JsonNode experiment) {
        List<String> changes = new ArrayList<>();
        experiment
                .get("cases")
                .forEach(row -> changes.add(row.get("case_id").asText() + " "
                        + row.get("change").asText() + " "
                        + row.at("/results/passes").asText() + "/"
                        + row.at("/baseline/passes").asText()));
        return changes;
    }

    @Test
    void experiments_areListed_toTheirOwnerAndAdmins() {
        JsonNode list = erin.get(LIST, null).json().get("experiments");

        assertThat(list).hasSize(2);
        assertThat(list.findValuesAsText("name")).containsExactlyInAnyOrder("nightly/1", "nightly/2");
        JsonNode second = list.get(list.get(0).get("name").asText().equals("nightly/2") ? 0 : 1);
        assertThat(second.get("cases").asInt()).isEqualTo(4);
        assertThat(second.get("tasks").asInt()).isEqualTo(35);
        assertThat(second.get("pass_rate").asDouble()).isEqualTo(0.743);
        assertThat(second.get("claimed_pass_rate").asDouble()).isEqualTo(0.743);
        assertThat(second.get("verified_pass_rate").isNull()).isTrue();
        assertThat(bob.get(LIST, null).json().get("experiments")).isEmpty();
        assertThat(admin.get(LIST, null, "owner=erin").json().get("experiments"))
                .hasSize(2);
        assertThat(bob.get(LIST, null, "owner=erin").status()).isEqualTo(400);
        assertThat(erin.pages(LIST, null, "limit=1", "experiments", "name"))
                .containsExactlyInAnyOrder(List.of("nightly/1"), List.of("nightly/2"));
    }

    @Test
    void cases_areComparedWithTheBaseline() {
        JsonNode experiment = erin.get(ONE, "nightly/2", "baseline=nightly/1").json();

        assertThat(changes(experiment))
                .containsExactly(
                        "camera unchanged 9/10",
                        "new too_few 5/0",
                        "old too_few 0/5",
                        "torch regression 2/10",
                        "wifi fix 10/1");
        assertThat(experiment.at("/baseline/changes").toString())
                .isEqualTo("{\"regression\":1,\"fix\":1,\"unchanged\":1,\"too_few\":2}");
        JsonNode torch = experiment.at("/cases/3/results");
        assertThat(torch.get("pass_rate_low").asDouble()).isEqualTo(0.057);
        assertThat(torch.get("pass_rate_high").asDouble()).isEqualTo(0.51);
        assertThat(torch.get("mean_duration_ms").asInt()).isEqualTo(30_000);
        JsonNode total = experiment.get("results");
        assertThat(total.get("pass_rate_low").asDouble()).isBetween(0.2, 0.6);
        assertThat(total.get("pass_rate_high").asDouble()).isBetween(0.9, 1.0);
    }

    @Test
    void cases_arePaged_withoutBaselineTheyHaveNoChange() {
        assertThat(erin.pages(ONE, "nightly/1", "limit=3", "cases", "case_id"))
                .containsExactly(List.of("camera", "old", "torch"), List.of("wifi"));
        assertThat(erin.pages(ONE, "nightly/1", "", "cases", "change"))
                .containsExactly(List.of("null", "null", "null", "null"));
    }

    @Test
    void verdictAttributesAndUsage_areShown() {
        UUID id = UuidV7.at(START);
        API.write(
                "frank",
                startedRepeat(id, START, "judged", null),
                step(id, 1).withModelCall(ModelCall.ofUsage(Usage.of(1000, 400, 30))),
                ended(id, TaskStatus.SUCCEEDED, 30),
                new Verdict(id, START, Verdict.SUCCESS, Label.FAIL, "judge", "1", "because", Map.of()));

        JsonNode experiment = frank.get(ONE, "judged", "baseline=judged").json();

        JsonNode results = experiment.get("results");
        assertThat(results.get("pass_rate").asInt()).isZero();
        assertThat(results.get("claimed_pass_rate").asInt()).isEqualTo(1);
        assertThat(results.get("disagreements").asInt()).isEqualTo(1);
        assertThat(results.get("usage").toString())
                .isEqualTo("{\"tasks\":1,\"input_tokens\":1000,\"cached_tokens\":400,\"output_tokens\":30}");
        assertThat(experiment.get("attributes").toString()).isEqualTo("[{\"prompt_version\":\"7\"}]");
        assertThat(experiment.at("/baseline/attributes")).isEqualTo(experiment.get("attributes"));
    }

    @Test
    void unknownExperimentOrBaseline_isNotFound() {
        for (String name : List.of("nightly", "", "a\u0000b", "\uD800")) {
            assertThat(erin.get(ONE, name).problem()).isEqualTo("404 no-such-experiment");
        }
        assertThat(erin.get(ONE, "a%b").detail())
                .isEqualTo("The experiment \"a%b\" does not exist, or it belongs to another owner.");
        assertThat(erin.get(ONE, "nightly/2", "baseline=nightly").detail())
                .isEqualTo("The baseline \"nightly\" does not exist, or it belongs to another owner.");
    }

    @Test
    void experimentOfAnotherOwner_isNotFound_exceptForAdmins() {
        assertThat(bob.get(ONE, "nightly/1").status()).isEqualTo(404);
        assertThat(bob.get(ONE, "nightly/1", "owner=erin").status()).isEqualTo(400);
        assertThat(admin.get(ONE, "nightly/1").status()).isEqualTo(404);
        assertThat(admin.get(ONE, "nightly/1", "owner=erin").json().get("cases"))
                .hasSize(4);
    }

    @Test
    void experimentWithTooManyTasks_isRejected() {
        API.database.execute("""
                INSERT INTO tasks (task_id, owner, started_at, experiment)
                SELECT gen_random_uuid(), 'frank', '2020-01-01', 'large'
                  FROM generate_series(0, %d)
                """.formatted(ExperimentRepository.MAX_TASKS));

        Api.Answer answer = frank.get(ONE, "large");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.detail()).contains("more than 10000 tasks");
    }

    @Test
    void listOfTooManyExperiments_isRejected() {
        API.database.execute("""
                INSERT INTO tasks (task_id, owner, started_at, experiment)
                SELECT gen_random_uuid(), 'grace', '2020-01-01', n
                  FROM generate_series(0, %d) AS n
                """.formatted(ExperimentRepository.MAX_LISTED));
        try {
            assertThat(admin.get(LIST, null, "owner=grace").problem()).isEqualTo("422 too-many-experiments");
        } finally {
            API.database.execute("UPDATE tasks SET experiment = NULL WHERE owner = 'grace'");
        }
    }
}
