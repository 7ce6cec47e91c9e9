package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.experiments.ExperimentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.model.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final ApiHandler HANDLER =
            new ApiHandler(TestSettings.of(DATABASE, Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")));
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(DATABASE.database());

    private static final String LIST = "GET /api/experiments";
    private static final String ONE = "GET /api/experiments/{name+}";

    private final Api admin = new Api(HANDLER, Map.of("sub", "root", "cognito:groups", "[steptrail-admin]"));
    private final Api bob = new Api(HANDLER, Map.of("sub", "bob"));
    private final Api erin = new Api(HANDLER, Map.of("sub", "erin"));
    private final Api frank = new Api(HANDLER, Map.of("sub", "frank"));

    @BeforeAll
    static void run() {
        AgentRepository agents = new AgentRepository(DATABASE.database());
        agents.register(new Agent("AIDAERIN", "erin", List.of()));
        agents.register(new Agent("AIDAFRANK", "frank", List.of()));
        ExperimentsIT test = new ExperimentsIT();
        test.repeat("nightly/1", "camera", 10, 0);
        test.repeat("nightly/1", "torch", 10, 0);
        test.repeat("nightly/1", "wifi", 1, 9);
        test.repeat("nightly/1", "old", 5, 0);
        test.repeat("nightly/2", "camera", 9, 1);
        test.repeat("nightly/2", "torch", 2, 8);
        test.repeat("nightly/2", "wifi", 10, 0);
        test.repeat("nightly/2", "new", 5, 0);
    }

    private static void send(String sender, StepRecord... records) {
        WRITER.write(List.of(message(sender, records)));
    }

    private void repeat(String experiment, String caseId, int passes, int fails) {
        for (int i = 0; i < passes + fails; i++) {
            UUID id = UuidV7.at(START);
            send(
                    "AIDAERIN",
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
        JsonNode list = erin.get(LIST, null, "").json().get("experiments");

        assertThat(list).hasSize(2);
        assertThat(list.findValuesAsText("name")).containsExactlyInAnyOrder("nightly/1", "nightly/2");
        JsonNode second = list.get(list.get(0).get("name").asText().equals("nightly/2") ? 0 : 1);
        assertThat(second.get("cases").asInt()).isEqualTo(4);
        assertThat(second.get("tasks").asInt()).isEqualTo(35);
        assertThat(second.get("pass_rate").asDouble()).isEqualTo(0.743);
        assertThat(second.get("claimed_pass_rate").asDouble()).isEqualTo(0.743);
        assertThat(second.get("verified_pass_rate").isNull()).isTrue();
        assertThat(bob.get(LIST, null, "").json().get("experiments")).isEmpty();
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
    void verdict_changesThePassRate() {
        UUID id = UuidV7.at(START);
        send(
                "AIDAFRANK",
                startedRepeat(id, START, "judged", null),
                ended(id, TaskStatus.SUCCEEDED, 30),
                new Verdict(id, START, Verdict.SUCCESS, Label.FAIL, "judge", "1", "because", Map.of()));

        JsonNode results = frank.get(ONE, "judged", "").json().get("results");

        assertThat(results.get("pass_rate").asInt()).isZero();
        assertThat(results.get("claimed_pass_rate").asInt()).isEqualTo(1);
        assertThat(results.get("disagreements").asInt()).isEqualTo(1);
    }

    @Test
    void attributes_andUsage_areShown() {
        UUID id = UuidV7.at(START);
        send(
                "AIDAFRANK",
                startedRepeat(id, START, "attributes", null),
                step(id, 1).withModelCall(ModelCall.ofUsage(Usage.of(1000, 400, 30))));

        JsonNode experiment =
                frank.get(ONE, "attributes", "baseline=attributes").json();

        assertThat(experiment.at("/results/usage").toString())
                .isEqualTo("{\"tasks\":1,\"input_tokens\":1000,\"cached_tokens\":400,\"output_tokens\":30}");
        assertThat(experiment.get("attributes").toString()).isEqualTo("[{\"prompt_version\":\"7\"}]");
        assertThat(experiment.at("/baseline/attributes")).isEqualTo(experiment.get("attributes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nightly", "", "a\u0000b", "\uD800"})
    void unknownExperiment_isNotFound(String name) {
        Api.Answer answer = erin.get(ONE, name, "");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("type").asText()).isEqualTo("urn:steptrail:problem:no-such-experiment");
    }

    @Test
    void experimentOfAnotherOwner_isNotFound_exceptForAdmins() {
        assertThat(bob.get(ONE, "nightly/1", "").status()).isEqualTo(404);
        assertThat(bob.get(ONE, "nightly/1", "owner=erin").status()).isEqualTo(400);
        assertThat(admin.get(ONE, "nightly/1", "").status()).isEqualTo(404);
        assertThat(admin.get(ONE, "nightly/1", "owner=erin").json().get("cases"))
                .hasSize(4);
    }

    @Test
    void unknownExperimentOrBaseline_isNotFound() {
        Api.Answer answer = erin.get(ONE, "nightly/2", "baseline=nightly");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("detail").asText())
                .isEqualTo("The baseline \"nightly\" does not exist, or it belongs to another owner.");
        assertThat(erin.get(ONE, "a%b", "").json().get("detail").asText())
                .isEqualTo("The experiment \"a%b\" does not exist, or it belongs to another owner.");
    }

    @Test
    void experimentWithTooManyTasks_isRejected() {
        DATABASE.execute("""
                INSERT INTO tasks (task_id, owner, started_at, experiment)
                SELECT gen_random_uuid(), 'frank', '2020-01-01', 'large'
                  FROM generate_series(0, %d)
                """.formatted(ExperimentRepository.MAX_TASKS));

        Api.Answer answer = frank.get(ONE, "large", "");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("detail").asText()).contains("more than 10000 tasks");
    }

    @Test
    void listOfTooManyExperiments_isRejected() {
        DATABASE.execute("""
                INSERT INTO tasks (task_id, owner, started_at, experiment)
                SELECT gen_random_uuid(), 'grace', '2020-01-01', n
                  FROM generate_series(0, %d) AS n
                """.formatted(ExperimentRepository.MAX_LISTED));
        try {
            Api.Answer answer = admin.get(LIST, null, "owner=grace");

            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().get("type").asText()).isEqualTo("urn:steptrail:problem:too-many-experiments");
        } finally {
            DATABASE.execute("UPDATE tasks SET experiment = NULL WHERE owner = 'grace'");
        }
    }
}
