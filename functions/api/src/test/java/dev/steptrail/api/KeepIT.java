package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeepIT extends ApiTestBase {
    private static final String KEEP = "PUT /api/tasks/{task_id}/keep";

    @Test
    void keep_trueAndFalse_setsTheFlag() {
        write(step(task, 1));

        assertThat(alice.call(KEEP, task.toString(), "", "{\"keep\":true}")
                        .json()
                        .get("keep")
                        .asBoolean())
                .isTrue();
        assertThat(alice.get(TASK, task.toString(), "").json().get("keep").asBoolean())
                .isTrue();
        assertThat(admin.call(KEEP, task.toString(), "", "{\"keep\":false}")
                        .json()
                        .get("keep")
                        .asBoolean())
                .isFalse();
        assertThat(DATABASE.column(
                        "SELECT caller || ' ' || (detail ->> 'keep') FROM audit_log WHERE action = 'keep_task'"
                                + " AND task_id = '" + task + "' ORDER BY id"))
                .containsExactly("alice true", "root false");
    }

    @Test
    void keep_unchanged_isNotAudited() {
        write(step(task, 1));

        for (String wanted : List.of("false", "true", "true", "false", "false")) {
            Api.Answer answer = alice.call(KEEP, task.toString(), "", "{\"keep\":" + wanted + "}");
            assertThat(answer.json().get("keep").asText()).isEqualTo(wanted);
        }

        assertThat(DATABASE.column("SELECT detail ->> 'keep' FROM audit_log WHERE action = 'keep_task' AND task_id = '"
                        + task + "' ORDER BY id"))
                .containsExactly("true", "false");
    }

    @Test
    void keep_byAnotherUser_is404() {
        write(step(task, 1));

        assertThat(bob.call(KEEP, task.toString(), "", "{\"keep\":true}").status())
                .isEqualTo(404);
        assertThat(alice.get(TASK, task.toString(), "").json().get("keep").asBoolean())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"keep\":null}",
                "{\"keep\":\"true\"}",
                "{\"keep\":true,\"keep\":false}",
                "{\"kept\":true}"
            })
    void invalidBody_isRejected(String body) {
        write(step(task, 1));

        assertThat(alice.call(KEEP, task.toString(), "", body).status()).isEqualTo(400);
    }
}
