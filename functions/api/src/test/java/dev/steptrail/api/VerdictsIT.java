package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestRecords;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the routes of verdicts. */
class VerdictsIT extends ApiTestBase {
    private static final String LIST = "GET /api/tasks/{task_id}/verdicts";
    private static final String SET = "PUT /api/tasks/{task_id}/verdicts";
    private static final String DELETE = "DELETE /api/tasks/{task_id}/verdicts/{verdict_id}";

    @BeforeEach
    void writeTask() {
        write(started(task), ended(task, TaskStatus.SUCCEEDED, 0));
    }

    @Test
    void humanVerdict_hasTheCallerAsItsAuthor_andDecidesSuccess() {
        JsonNode set = set(alice, "{\"value\":\"fail\",\"reason\":\"No picture:\\n相机\"}");

        assertThat(set.get("author").asText()).isEqualTo("alice");
        assertThat(set.get("source").asText()).isEqualTo("human");
        assertThat(set.get("name").asText()).isEqualTo("success");
        assertThat(set.get("evaluator").isNull()).isTrue();
        assertThat(set.get("reason").asText()).isEqualTo("No picture:\n相机");
        JsonNode stored = alice.get(TASK, task).json();
        assertThat(stored.get("verdict").asText()).isEqualTo("fail");
        assertThat(stored.get("verdict_source").asText()).isEqualTo("human");
        assertThat(stored.get("claimed_success").asBoolean()).isTrue();
        assertThat(stored.get("success").asBoolean()).isFalse();
    }

    @Test
    void list_containsVerdictsOfAuthorsAndEvaluators_newestFirst() {
        write(new Verdict(task, TestRecords.START, Verdict.SUCCESS, Label.FAIL, "lab", null, null, Map.of()));
        set(alice, "{\"value\":\"pass\",\"evaluator\":\"judge.py\",\"evaluator_version\":\"2\"}");
        set(alice, "{\"name\":\"efficiency\",\"value\":0.123456}");

        List<JsonNode> listed = alice.pages(LIST, task, "limit=2", "verdicts").stream()
                .flatMap(List::stream)
                .toList();

        assertThat(listed).hasSize(3);
        assertThat(listed.get(0).get("value").toString()).isEqualTo("0.123456");
        assertThat(listed.get(0).get("author").asText()).isEqualTo("alice");
        assertThat(listed.get(1).get("evaluator").asText()).isEqualTo("judge.py");
        assertThat(listed.get(1).get("source").asText()).isEqualTo("automatic");
        assertThat(listed.get(2).get("evaluator").asText()).isEqualTo("lab");
        assertThat(listed.get(2).get("author").isNull()).isTrue();
    }

    @Test
    void tooManyVerdicts_are409() {
        DATABASE.execute("INSERT INTO verdicts (task_id, name, value, source, judge, judged_at) SELECT '" + task
                + "', 'n' || i, 'pass', 'automatic', 'judge', now() FROM generate_series(1, 1000) AS i");

        Api.Answer answer = alice.call(SET, task, "", "{\"value\":\"fail\"}");

        assertThat(answer.problem()).isEqualTo("409 too-many-verdicts");
        set(alice, "{\"name\":\"n1\",\"value\":\"fail\",\"evaluator\":\"judge\"}");
    }

    @Test
    void reason_hasAtMost10000Characters() {
        set(alice, "{\"value\":\"pass\",\"reason\":\"" + "相".repeat(10_000) + "\"}");
        String body = "{\"value\":\"pass\",\"reason\":\"" + "相".repeat(10_001) + "\"}";
        assertThat(alice.call(SET, task, "", body).status()).isEqualTo(400);
    }

    @Test
    void deletedVerdict_noLongerCounts_andCannotBeDeletedAgain() {
        String id = set(alice, "{\"value\":\"fail\"}").get("verdict_id").asText();

        assertThat(delete(alice, id).status()).isEqualTo(204);

        JsonNode stored = alice.get(TASK, task).json();
        assertThat(stored.get("verdict").isNull()).isTrue();
        assertThat(stored.get("success").asBoolean()).isTrue();
        for (String missing : new String[] {id, "0", "x", "99999999999999999999"}) {
            Api.Answer answer = delete(alice, missing);
            assertThat(answer.problem()).isEqualTo("404 no-such-verdict");
            assertThat(answer.detail())
                    .isEqualTo("The task has no verdict \"" + missing + "\", or the verdict was already deleted.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | value: must be pass, fail, unclear or a number, but is missing.",
                "{\"value\":\"good\"} | value: must be pass, fail, unclear or a number, but is \"good\".",
                "{\"value\":null} | value: must be pass, fail, unclear or a number, but is null.",
                "{\"value\":1e400,\"name\":\"score\"} | value: must be pass, fail, unclear or a number, but is 1E+400.",
                "{\"value\":1} | value: must be pass, fail or unclear for the name success, but is 1.",
                "{\"value\":\"pass\",\"name\":\"\"} | name: must be 1 to 100 characters, without control characters.",
                "{\"value\":\"pass\",\"evaluator\":7} | evaluator: must be 1 to 200 characters, without control characters.",
                "{\"value\":\"pass\",\"evaluator_version\":\"2\"} | evaluator_version: is only allowed together with"
                        + " evaluator.",
                "{\"value\":\"pass\",\"reason\":\"\\u0000\"} | reason: must be 1 to 10000 characters, without null"
                        + " characters, but is \"?\".",
                "{\"value\":\"pass\",\"name\":\"   \"} | name: must not be blank, or start or end with white space, but is"
                        + " \"   \".",
                "{\"value\":\"pass\",\"author\":\"bob\"} | The request body has an unknown field \"author\"; allowed",
            })
    void invalidBody_isRejectedWithItsReason(String body, String detail) {
        assertThat(alice.call(SET, task, "", body).badRequest()).startsWith(detail);
    }

    private JsonNode set(Api caller, String body) {
        Api.Answer answer = caller.call(SET, task, "", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private Api.Answer delete(Api caller, String id) {
        return caller.call(DELETE, Map.of("task_id", task.toString(), "verdict_id", id), "", null, null);
    }
}
