package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeepIT extends ApiTestBase {
    private static final String KEEP = "PUT /api/tasks/{task_id}/keep";

    @Test
    void keep_setsTheFlag_andIsAuditedIfItChanges() {
        write(step(task, 1));

        for (String wanted : List.of("false", "true", "true", "false", "false")) {
            Api.Answer answer = alice.call(KEEP, task, "", "{\"keep\":" + wanted + "}");
            assertThat(answer.text("/keep")).isEqualTo(wanted);
            assertThat(alice.get(TASK, task).text("/keep")).isEqualTo(wanted);
        }
        admin.call(KEEP, task, "", "{\"keep\":true}");

        assertThat(DATABASE.column(
                        "SELECT caller || ' ' || (detail ->> 'keep') FROM audit_log WHERE action = 'keep_task'"
                                + " AND task_id = '" + task + "' ORDER BY id"))
                .containsExactly("alice true", "alice false", "root true");
    }
}
