package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests that a text search in a large task scans a limited part per page. */
class SearchIT extends ApiTestBase {
    private static final Api DORA = new Api(HANDLER, Map.of("sub", "dora"));

    @AfterEach
    void deleteTasks() {
        DATABASE.execute("DELETE FROM tasks WHERE owner = 'dora'");
    }

    @Test
    void longTexts_areScannedMegabyteByMegabyte() {
        write(started(task));
        insert(50, "CASE WHEN n IN (2, 50) THEN 'Needle ' ELSE '' END || repeat('Ab', 131000)");

        assertThat(search("text=needle&order=asc")).containsExactly(List.of(2), List.of(50));
        assertThat(search("text=needle&order=desc")).containsExactly(List.of(50), List.of(2));
    }

    @Test
    void pageWithoutMatches_hasACursor() {
        write(started(task));
        insert(10_001, "CASE WHEN n = 10001 THEN 'needle' ELSE 'hay' END");

        assertThat(search("text=needle")).containsExactly(List.of(), List.of(10_001));
        assertThat(search("text=needle&type=action")).containsExactly(List.of(), List.of(10_001));
        assertThat(search("text=needle&type=note")).containsExactly(List.of(), List.of());
        assertThat(search("text=needle&min_number=2")).containsExactly(List.of(10_001), List.of());
    }

    @Test
    void filterThatMatchesFewSteps_scansALimitedNumberPerPage() {
        write(started(task));
        insert(20_001, "'hay'");
        DATABASE.execute("UPDATE task_steps SET step_type = 'rare', success = false WHERE task_id = '" + task
                + "' AND step_number IN (1, 20001)");

        for (String filter : List.of("type=rare", "success=false", "type=rare&success=false")) {
            assertThat(search(filter)).containsExactly(List.of(1), List.of(), List.of(20_001));
            assertThat(search(filter + "&order=desc")).containsExactly(List.of(20_001), List.of(), List.of(1));
        }
        assertThat(search("since=2100-01-01T00:00:00Z")).containsExactly(List.of(), List.of(), List.of());
        assertThat(search("type=rare&min_number=10001")).containsExactly(List.of(), List.of(20_001));
        assertThat(search("type=rare&min_number=19000&max_number=20001")).containsExactly(List.of(20_001));
    }

    @Test
    void taskSearch_scansALimitedNumberPerPage() {
        DATABASE.execute(
                "INSERT INTO tasks (task_id, owner, name, status, started_at) SELECT gen_random_uuid(), 'dora',"
                        + " CASE WHEN n IN (1, 20001) THEN 'needle' ELSE 'hay' END,"
                        + " CASE WHEN n IN (1, 20001) THEN 'failed' ELSE 'running' END, to_timestamp(1000000000 + n)"
                        + " FROM generate_series(1, 20001) AS n");

        for (String filter : List.of("text=needle", "status=failed", "status=failed&text=NEEDLE")) {
            assertThat(searchTasks(DORA, filter)).containsExactly(1, 0, 1);
            assertThat(searchTasks(admin, "owner=dora&" + filter)).containsExactly(1, 0, 1);
        }
        assertThat(searchTasks(DORA, "agent=none")).containsExactly(0, 0, 0);
        assertThat(searchTasks(DORA, "text=needle&until=2001-09-09T01:46:42Z")).containsExactly(1);
    }

    /** Returns the number of tasks on each page. */
    private static List<Integer> searchTasks(Api caller, String query) {
        return caller.pages(TASKS, null, query + "&limit=1000", "tasks").stream()
                .map(List::size)
                .toList();
    }

    private void insert(int steps, String thinking) {
        DATABASE.execute(
                "INSERT INTO task_steps (task_id, step_number, step_type, step_data, thinking, created_at) SELECT '"
                        + task + "', n, 'action', '{}', " + thinking + ", now() FROM generate_series(1, " + steps
                        + ") AS n");
    }

    private List<List<Integer>> search(String query) {
        return alice.pages(STEPS, task, query + "&limit=1000", "steps").stream()
                .map(page -> page.stream()
                        .map(step -> step.get("step_number").asInt())
                        .toList())
                .toList();
    }
}
