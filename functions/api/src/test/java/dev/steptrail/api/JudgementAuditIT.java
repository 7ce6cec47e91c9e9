package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that each change of a judgement is written to the audit log, once, and without its texts. */
class JudgementAuditIT extends ApiTestBase {
    private static final Pattern CHANGES =
            Pattern.compile("(?:PUT|POST|DELETE) /api/(?:tasks|steps)/.*/(?:verdicts|tags|labels|notes).*");

    private static final String SET_VERDICT = "PUT /api/tasks/{task_id}/verdicts";
    private static final String DELETE_VERDICT = "DELETE /api/tasks/{task_id}/verdicts/{verdict_id}";
    private static final String ADD_TAG = "PUT /api/tasks/{task_id}/tags/{tag}";
    private static final String REMOVE_TAG = "DELETE /api/tasks/{task_id}/tags/{tag}";
    private static final String ADD_LABEL = "PUT /api/steps/{step_id}/labels/{label}";
    private static final String REMOVE_LABEL = "DELETE /api/steps/{step_id}/labels/{label}";
    private static final String ADD_NOTE = "POST /api/tasks/{task_id}/notes";
    private static final String EDIT_NOTE = "PUT /api/tasks/{task_id}/notes/{note_id}";
    private static final String DELETE_NOTE = "DELETE /api/tasks/{task_id}/notes/{note_id}";

    private final Map<String, String> path = new HashMap<>();

    @Test
    void eachChange_isAuditedOnce_withoutItsTexts() {
        write(step(task, 1));
        path.putAll(Map.of("task_id", task.toString(), "step_id", task + ".1", "tag", "nightly", "label", "bad"));

        path.put("verdict_id", change(SET_VERDICT, "{\"value\":\"fail\",\"reason\":\"secret\"}", "verdict_id"));
        change(DELETE_VERDICT, null, null);
        change(ADD_TAG, null, null);
        change(REMOVE_TAG, null, null);
        change(ADD_LABEL, null, null);
        change(REMOVE_LABEL, null, null);
        path.put("note_id", change(ADD_NOTE, "{\"text\":\"secret\"}", "note_id"));
        change(EDIT_NOTE, "{\"text\":\"also secret\"}", null);
        change(DELETE_NOTE, null, null);

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
    }

    @Test
    void theTestCoversEachRoute() {
        assertThat(HANDLER.routeKeys())
                .filteredOn(key -> CHANGES.matcher(key).matches())
                .containsExactlyInAnyOrder(
                        SET_VERDICT,
                        DELETE_VERDICT,
                        ADD_TAG,
                        REMOVE_TAG,
                        ADD_LABEL,
                        REMOVE_LABEL,
                        ADD_NOTE,
                        EDIT_NOTE,
                        DELETE_NOTE);
    }

    /** @return the value of a field of the response; empty if there is none */
    private String change(String route, String body, String field) {
        Api.Answer answer = alice.call(route, path, "", body, Map.of());
        assertThat(answer.status()).as(route).isBetween(200, 204);
        return field == null ? "" : answer.json().get(field).asText();
    }
}
