package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tests insights, with a separate database. */
class InsightsIT {
    private static final String INSIGHTS = "GET /api/insights";

    private final SeparateApi api = new SeparateApi();
    private final Api alice = api.by("alice");

    @Test
    void fewerThanFiveEndedTasks_areNotEnough() {
        assertThat(alice.get(INSIGHTS, null).json().toString())
                .isEqualTo(
                        "{\"insights\":[],\"enough_tasks\":false,\"updated_at\":null,\"next_update_at\":null,\"update_interval_seconds\":3600,\"next_cursor\":null}");
        writeTasks("alice", "take a picture", 4, "succeeded");
        writeTasks("alice", "take a picture", 9, "running");
        writeTasks("bob", "take a picture", 9, "failed");
        assertThat(alice.get(INSIGHTS, null).json().get("enough_tasks").booleanValue())
                .isFalse();
        writeTasks("alice", "take a picture", 1, "failed");
        assertThat(alice.get(INSIGHTS, null).json().get("enough_tasks").booleanValue())
                .isTrue();
        assertThat(alice.get(INSIGHTS, null, "instruction=send%20it")
                        .json()
                        .get("enough_tasks")
                        .booleanValue())
                .as("of another instruction")
                .isFalse();
    }

    @Test
    void response_containsTheTimesOfUpdates() {
        assertThat(times(INSIGHTS)).isEqualTo("null null");
        assertThat(times("GET /api/stats")).isEqualTo("null null");
        api.database.execute("""
                INSERT INTO maintenance_runs (kind, started_at, ended_at, outcome)
                SELECT kind, at, at + interval '5 s', outcome
                  FROM (VALUES ('insights', timestamptz '2026-03-01T07:10:00Z', 'done'),
                               ('insights', '2026-03-01T08:00:00Z', 'done'),
                               ('insights', '2026-03-01T09:00:00Z', 'partly_failed'),
                               ('insights', '2026-03-01T10:00:00Z', 'failed'),
                               ('rollup', '2026-03-01T10:00:01Z', 'done')) AS run (kind, at, outcome);
                INSERT INTO maintenance_runs (kind, started_at)
                VALUES ('insights', '2026-03-01T10:01:00Z'), ('findings', '2026-03-01T10:02:00Z')
                """);

        assertThat(times(INSIGHTS)).isEqualTo("2026-03-01T09:00:05Z 2026-03-01T11:01:00Z");
        assertThat(times("GET /api/stats")).isEqualTo("2026-03-01T10:00:06Z 2026-03-01T11:00:01Z");
        assertThat(alice.get("GET /api/stats", null, "group_by=instruction").body())
                .contains(
                        "\"updated_at\":null,\"next_update_at\":\"2026-03-01T11:02:00Z\",\"update_interval_seconds\":3600");
        assertThat(alice.get("GET /api/stats", null, "group_by=tag").body())
                .contains("\"updated_at\":null,\"next_update_at\":null,\"update_interval_seconds\":null");
    }

    private String times(String route) {
        JsonNode response = alice.get(route, null).json();
        return response.get("updated_at").asText() + " "
                + response.get("next_update_at").asText();
    }

    @Test
    void insights_ofTheOwner_areListedNewestFirstInPages() {
        writeInsight("alice", "a", "flaky");
        writeInsight("bob", "b", "flaky");
        writeInsight("alice", "c", "regression");

        JsonNode first = alice.get(INSIGHTS, null, "limit=1").json();

        assertThat(first.at("/insights/0/tasks_started_at/0").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(first.at("/insights/0/steps/0").asText()).endsWith(".7");
        assertThat(first.at("/insights/0/figures/tasks").asInt()).isEqualTo(20);
        assertThat(alice.pages(INSIGHTS, null, "limit=1", "insights", "instruction"))
                .containsExactly(List.of("c"), List.of("a"));
        assertThat(api.admin.get(INSIGHTS, null).json().get("insights")).hasSize(3);
        assertThat(api.admin.get(INSIGHTS, null, "owner=bob").json().get("insights"))
                .hasSize(1);
        assertThat(alice.get(INSIGHTS, null, "owner=bob").status()).isEqualTo(400);
    }

    @Test
    void insights_canBeFilteredByKindAndInstruction() {
        writeInsight("alice", "拍一张照片", "flaky");
        writeInsight("alice", "send it", "regression");
        writeInsight("alice", "", "frequent_sequence");

        assertThat(kinds("kind=flaky")).containsExactly("flaky");
        assertThat(kinds("instruction=Send  it!")).containsExactly("regression");
        assertThat(kinds("instruction=?")).as("of all tasks").containsExactly("frequent_sequence");
    }

    private List<String> kinds(String query) {
        return alice.get(INSIGHTS, null, query).json().get("insights").findValuesAsText("kind");
    }

    @Test
    void insights_areReadWithoutReadingSteps() {
        writeInsight("alice", "a", "flaky");
        api.database.execute("ALTER TABLE task_steps RENAME TO hidden_steps");
        api.database.execute("ALTER TABLE step_screenshots RENAME TO hidden_screenshots");

        assertThat(alice.get(INSIGHTS, null).json().get("insights")).hasSize(1);
        assertThat(api.admin.get(INSIGHTS, null, "kind=none").status()).isEqualTo(200);
    }

    private void writeInsight(String owner, String text, String kind) {
        UUID task = UUID.randomUUID();
        api.database.execute(
                "INSERT INTO insights (owner, instruction, kind, tasks, tasks_started_at, steps, figures) VALUES ('"
                        + owner
                        + "', '" + text + "', '" + kind + "', '{" + task + "}', '{2026-03-01T10:00:00Z}', '{" + task
                        + ".7}', '{\"tasks\":20}')");
    }

    private void writeTasks(String owner, String text, int times, String status) {
        api.database.execute("""
                WITH new AS (
                    INSERT INTO tasks (task_id, owner, started_at, status)
                    SELECT gen_random_uuid(), '%1$s', now(), '%4$s'
                      FROM generate_series(1, %3$d)
                    RETURNING task_id
                )
                INSERT INTO task_digests (task_id, owner, instruction, path)
                SELECT task_id, '%1$s', '%2$s', '[]'
                  FROM new
                """.formatted(owner, text, times, status));
    }
}
