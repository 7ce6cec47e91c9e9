package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prices, and the usage and cost of tasks and steps. The model of the tasks is glm. */
class PricesIT {
    private static final SeparateApi API = new SeparateApi();

    private static final String TASKS = ApiTestBase.TASKS;
    private static final String TASK = ApiTestBase.TASK;
    private static final String STEPS = ApiTestBase.STEPS;
    private static final String LIST = "GET /api/prices";
    private static final String SET = "PUT /api/admin/prices";
    private static final String DELETE = "DELETE /api/admin/prices";
    private static final String VALID =
            "{'model':'a/b|c','valid_from':'2026-03-01','currency':'USD','input_price':'3.10',"
                    + "'cached_price':0.000000000001,'output_price':15.00}";
    private static final String GLM = "{'model':'glm','valid_from':'2026-03-01','currency':'USD','input_price':2,"
            + "'cached_price':0.5,'output_price':10}";

    private final Api alice = API.by("alice");
    private final Api bob = API.by("bob");
    private final Api admin = API.admin;
    private final UUID task = UuidV7.at(TestRecords.START);

    private static void write(StepRecord... records) {
        API.write("alice", records);
    }

    @AfterEach
    void deletePrices() {
        API.database.execute("DELETE FROM prices");
    }

    private Api.Answer set(String body) {
        return admin.call(SET, Map.of(), "", body.replace('\'', '"'), Map.of());
    }

    private Step stepWithUsage(UUID id, int number, Integer input, Integer cached, Integer output) {
        return step(id, number).withModelCall(ModelCall.ofUsage(Usage.of(input, cached, output)));
    }

    @Test
    void price_isSetListedAndDeleted_withoutRounding() {
        Api.Answer answer = set(VALID);

        assertThat(answer.body().replace('"', '\''))
                .isEqualTo("{'model':'a/b|c','valid_from':'2026-03-01','currency':'USD','input_price':'3.1',"
                        + "'cached_price':'0.000000000001','output_price':'15'}");
        assertThat(bob.get(LIST, null).json().get("prices")).singleElement().isEqualTo(answer.json());
        assertThat(set(VALID.replace("'cached_price':0.000000000001,", "")).text("/cached_price"))
                .as("by default the input price")
                .isEqualTo("3.1");

        String query = "model=a/b|c&valid_from=2026-03-01";
        assertThat(admin.call(DELETE, null, query, null).status()).isEqualTo(204);
        Api.Answer deletedTwice = admin.call(DELETE, null, query, null);
        assertThat(deletedTwice.problem()).isEqualTo("404 no-such-price");
        assertThat(deletedTwice.detail())
                .isEqualTo("The model \"a/b|c\" has no price that is valid from \"2026-03-01\".");
        assertThat(bob.get(LIST, null).json().get("prices")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "'currency':'USD',;;currency: must be three capital letters",
                "'USD';'dollar';currency: must be three capital letters",
                "'3.10';'-1';input_price: must be a number per million tokens, not negative",
                "'3.10';1e400;input_price: must be a number",
                "'3.10';1e2147483647;input_price: must be a number",
                "'3.10';1e-999999999;input_price: must be a number",
                "'3.10';'0.0000000000001';input_price: must be a number",
                "0.000000000001;0.0000000000001;cached_price: must be a number",
                "0.000000000001;1000000000000;cached_price: must be a number",
                "15.00;true;output_price: must be a number",
                "2026-03-01;2026-02-30;valid_from: must be a day like 2026-03-01",
                "a/b|c;;model: must be 1 to 80 characters",
                "a/b|c;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;model: must be 1 to 80",
                "'model';'models';The request body has an unknown field \"models\""
            })
    void invalidPrice_isRejected_withTheNameOfTheField(String valid, String invalid, String detail) {
        assertThat(set(VALID.replace(valid, invalid == null ? "" : invalid)).badRequest())
                .startsWith(detail);
        assertThat(API.database.value("SELECT count(*) FROM prices")).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({
        "valid_from=2026-03-01, model: this query parameter is required.",
        "model=glm, valid_from: this query parameter is required.",
        "model=glm&valid_from=1, 'valid_from: must be a day like 2026-03-01, but is \"1\".'"
    })
    void invalidDelete_isRejected(String query, String detail) {
        assertThat(admin.call(DELETE, null, query, null).detail()).isEqualTo(detail);
    }

    @Test
    void taskAndSteps_haveTheirUsageAndCost() {
        set(GLM);
        write(
                started(task),
                stepWithUsage(task, 1, 1000, 400, 30),
                stepWithUsage(task, 2, 7, 50, null),
                stepWithUsage(task, 3, null, null, null),
                step(task, 4));

        JsonNode answer = alice.get(TASK, task).json();
        assertThat(answer.get("usage").toString())
                .isEqualTo("{\"input_tokens\":1007,\"cached_tokens\":407,\"output_tokens\":30}");
        assertThat(answer.get("cost").toString())
                .isEqualTo("{\"amounts\":{\"USD\":\"0.0017035\"},\"unpriced_tokens\":0}");
        assertThat(alice.get(TASKS, null).json().get("tasks")).contains(answer);
        assertThat(alice.call("PUT /api/tasks/{task_id}/keep", task, "", "{\"keep\":false}")
                        .json())
                .isEqualTo(answer);
        assertThat(alice.get(ApiTestBase.REPORT, task, "format=md").body()).contains("| USD 0.0017035 |");
        assertThat(alice.get(ApiTestBase.REPORT, task, "format=csv").body())
                .contains(
                        "output_tokens,cost,currency\r\n1,",
                        ",1000,400,30,0.0017,USD\r\n2,",
                        ",7,50,,0.0000035,USD\r\n3,",
                        ",,,,,\r\n4,");
        JsonNode steps = alice.get(STEPS, task).json().get("steps");
        assertThat(steps.findValue("usage").get("cached_tokens").asInt()).isEqualTo(400);
        assertThat(steps.findValues("cost"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"amounts\":{\"USD\":\"0.0017\"},\"unpriced_tokens\":0}",
                        "{\"amounts\":{\"USD\":\"0.0000035\"},\"unpriced_tokens\":0}",
                        "null",
                        "null");
    }

    @Test
    void costWithoutAPrice_isUnknown_andNotZero() {
        write(started(task), stepWithUsage(task, 1, 1000, 400, 30));
        UUID withoutUsage = UuidV7.at(TestRecords.START);
        write(started(withoutUsage), step(withoutUsage, 1));

        assertThat(alice.get(TASK, task).json().get("cost").toString())
                .isEqualTo("{\"amounts\":{},\"unpriced_tokens\":1030}");
        assertThat(alice.get(ApiTestBase.REPORT, task, "format=csv").body()).contains(",1000,400,30,,\r\n");
        JsonNode unknown = alice.get(TASK, withoutUsage).json();
        assertThat(unknown.get("usage").isNull()).isTrue();
        assertThat(unknown.get("cost").isNull()).isTrue();
    }

    @Test
    void changedPrice_changesTheEntityTags() {
        write(started(task), stepWithUsage(task, 1, 1000, 400, 30));
        for (String route : new String[] {TASK, TASKS, STEPS, ApiTestBase.REPORT}) {
            String id = route.equals(TASKS) ? null : task.toString();
            String tag = alice.get(route, id).headers().get("etag");
            Map<String, String> ifNoneMatch = Map.of("if-none-match", tag);
            assertThat(alice.get(route, id, "", ifNoneMatch).status()).isEqualTo(304);

            set(GLM);

            Api.Answer changed = alice.get(route, id, "", ifNoneMatch);
            assertThat(changed.status()).as(route).isEqualTo(200);
            assertThat(changed.body()).contains("\"USD\":\"0.0017\"");
            deletePrices();
        }
    }
}
