package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.store.TestMaintenance;
import dev.steptrail.store.jdbc.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the entity tag of a report, which does not depend on the report's body. */
class ReportTagIT extends ApiTestBase {
    @ParameterizedTest
    @ValueSource(strings = {"", "format=csv", "format=md&lang=zh"})
    void unchangedReport_isAnsweredWithoutReadingSteps(String query) throws SQLException {
        write(started(task), step(task, 1), step(task, 2), ended(task, TaskStatus.FAILED, 2));
        String tag = tag(query);
        long scans = scans();
        DATABASE.execute("DELETE FROM audit_log");
        Api fresh = new Api(new ApiHandler(SETTINGS), Map.of("sub", "alice"));

        try (Connection other = DriverManager.getConnection(SETTINGS.get("STEPTRAIL_DATABASE_URL"), "postgres", "");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE task_steps, step_screenshots IN ACCESS EXCLUSIVE MODE");
            Api.Answer answer = revalidate(fresh, query, tag);

            assertThat(answer.status()).isEqualTo(304);
            assertThat(answer.headers()).containsEntry("etag", tag);
        }

        assertThat(scans() - scans).isEqualTo(1); // of the task
        assertThat(DATABASE.column("SELECT action FROM audit_log")).containsExactly("read_report");
    }

    @Test
    void tag_changesWithEveryChangeOfTheReport() {
        Set<String> tags = new HashSet<>();
        write(started(task), step(task, 1), step(task, 3));
        expectChange(tags);
        write(step(task, 4));
        expectChange(tags);
        process();
        expectChange(tags); // the gap between the steps
        DATABASE.execute("INSERT INTO insights (owner, instruction, kind, tasks, tasks_started_at, steps, figures)"
                + " SELECT owner, instruction, 'flaky', '{}', '{}', '{}', '{}' FROM task_digests"
                + " WHERE task_id = '" + task + "'");
        expectChange(tags);
        DATABASE.execute("DELETE FROM insights");
        write(step(task, 2));
        process();
        assertThat(alice.get(REPORT, task).json().get("findings")).isEmpty();
        expectChange(tags);
        write(ended(task, TaskStatus.FAILED, 4));
        expectChange(tags);
        alice.call("PUT /api/tasks/{task_id}/keep", task, "", "{\"keep\":true}");
        expectChange(tags);
        DATABASE.execute(
                "UPDATE tasks SET status = 'archived', archived_status = status WHERE task_id = '" + task + "'");
        expectChange(tags);
    }

    @Test
    void tag_changes_ifARestoredTaskReachesTheSameRevisionWithOtherSteps() {
        write(started(task));
        DATABASE.execute("CREATE TABLE backup AS SELECT * FROM tasks WHERE task_id = '" + task + "'");
        write(step(task, 1, "Lost by the restore", Map.of()));
        String tag = tag("");
        String revision = revision();

        String columns = DATABASE.value("SELECT string_agg(attname, ', ') FROM pg_attribute"
                + " WHERE attrelid = 'tasks'::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped");
        DATABASE.execute("""
                DELETE FROM task_steps  WHERE task_id = '%1$s';
                DELETE FROM task_facets WHERE task_id = '%1$s';
                DELETE FROM tasks       WHERE task_id = '%1$s';
                INSERT INTO tasks (%2$s) SELECT %2$s FROM backup;
                DROP TABLE backup
                """.formatted(task, columns));
        write(step(task, 1, "Recorded after the restore", Map.of()));

        assertThat(revision()).isEqualTo(revision);
        assertThat(revalidate(alice, "", tag).status()).isEqualTo(200);
        assertThat(tag("")).isNotEqualTo(tag);
    }

    private String revision() {
        return DATABASE.value("SELECT revision FROM tasks WHERE task_id = '" + task + "'");
    }

    @Test
    void tag_dependsOnFormatLanguageReleaseAndReader() {
        write(started(task), step(task, 1));
        ApiHandler next =
                new ApiHandler(Map.copyOf(TestSettings.of(DATABASE, Map.of("AWS_LAMBDA_FUNCTION_VERSION", "2"))));
        List<String> tags = new ArrayList<>();

        for (String query : List.of("", "format=csv", "format=md", "format=md&lang=zh")) {
            tags.add(tag(query));
        }
        tags.add(new Api(next, Map.of("sub", "alice"))
                .get(REPORT, task)
                .headers()
                .get("etag"));
        for (String options : List.of("{}", "{\"include_sensitive\":true}", "{\"include_details\":true}")) {
            Api.Answer shared = new Api(HANDLER, null).shared(REPORT, task, "", alice.share(task, options));
            tags.add(shared.headers().get("etag"));
        }
        assertThat(tags).doesNotContainNull().doesNotHaveDuplicates();
    }

    @Test
    void invalidParameter_isRejected_evenIfTheTagMatches() {
        write(started(task), step(task, 1));

        for (String query : List.of("format=doc", "lang=fr", "redirect=no")) {
            assertThat(revalidate(alice, query, "*").status()).as(query).isEqualTo(400);
        }
    }

    private void expectChange(Set<String> tags) {
        String tag = tag("");
        assertThat(tags.add(tag)).isTrue();
        assertThat(tag("")).isEqualTo(tag);
        assertThat(revalidate(alice, "", tag).status()).isEqualTo(304);
    }

    private String tag(String query) {
        return alice.get(REPORT, task, query).headers().get("etag");
    }

    private Api.Answer revalidate(Api caller, String query, String tag) {
        return caller.get(REPORT, task, query, Map.of("if-none-match", tag));
    }

    private static void process() {
        try (Database database = DATABASE.database()) {
            TestMaintenance.processChangedTasks(database);
        }
    }

    /**
     * Returns the number of scans of tasks, steps and screenshots in this database, by an index or of the whole table.
     */
    private static long scans() {
        DATABASE.endSessions();
        return Long.parseLong(DATABASE.value("SELECT coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0)"
                + " FROM pg_stat_user_tables WHERE relname ~ '^(tasks|task_steps|step_screenshots)'"));
    }
}
