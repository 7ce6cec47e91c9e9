package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that each change of a judgement is written to the audit log, once, and without its texts. */
class JudgementAuditIT extends ApiTestBase {
    private static final Pattern CHANGES =
            Pattern.compile("(?:PUT|POST|DELETE) /api/(?:tasks|steps)/.*/(?:verdicts|tags|labels|notes).*");

    private final Map<String, String> path = new HashMap<>();
    private final Set<String> called = new HashSet<>();

    @Test
    void eachChange_isAuditedOnce_withoutItsTexts() {
        write(step(task, 1));
        path.putAll(Map.of("task_id", task.toString(), "step_id", task + ".1", "tag", "nightly", "label", "bad"));

        path.put(
                "verdict_id",
                change(
                        "PUT /api/tasks/{task_id}/verdicts",
                        "{\"value\":\"fail\",\"reason\":\"secret\"}",
                        "verdict_id"));
        change("DELETE /api/tasks/{task_id}/verdicts/{verdict_id}", null, null);
        change("PUT /api/tasks/{task_id}/tags/{tag}", null, null);
        change("DELETE /api/tasks/{task_id}/tags/{tag}", null, null);
        change("PUT /api/steps/{step_id}/labels/{label}", null, null);
        change("DELETE /api/steps/{step_id}/labels/{label}", null, null);
        path.put("note_id", change("POST /api/tasks/{task_id}/notes", "{\"text\":\"secret\"}", "note_id"));
        change("PUT /api/tasks/{task_id}/notes/{note_id}", "{\"text\":\"also secret\"}", null);
        change("DELETE /api/tasks/{task_id}/notes/{note_id}", null, null);

        String ofTask = " FROM audit_log WHERE task_id = '" + task + "'";
        assertThat(DATABASE.column("SELECT concat_ws(' ', caller, action, task_owner)" + ofTask + " ORDER BY id"))
                .containsExactly(
                        "alice set_verdict alice",
                        "alice delete_verdict alice",
                        "alice change_tags alice",
                        "alice change_tags alice",
                        "alice add_label alice",
                        "alice remove_label alice",
                        "alice add_note alice",
                        "alice edit_note alice",
                        "alice delete_note alice");
        assertThat(DATABASE.column("SELECT detail" + ofTask + " AND detail::text LIKE '%secret%'"))
                .isEmpty();
        assertThat(HANDLER.routeKeys())
                .as("routes of changes, which this test calls")
                .filteredOn(key -> CHANGES.matcher(key).matches())
                .containsExactlyInAnyOrderElementsOf(called);
    }

    /** @return the value of a field of the response; empty if there is none */
    private String change(String route, String body, String field) {
        called.add(route);
        Api.Answer answer = alice.call(route, path, "", body, Map.of());
        assertThat(answer.status()).as(route).isBetween(200, 204);
        return field == null ? "" : answer.json().get(field).asText();
    }
}
