package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.operations.MaintenanceHandler;
import dev.steptrail.stepformat.MemoryFolder;
import dev.steptrail.store.TestContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Archiving, dropping and restoring a task preserves every column and every API response. */
class ArchiveIT {
    private static final String FOLDER = System.getenv().getOrDefault("STEPTRAIL_REAL_DATA", "");
    private static final String NO_DATA = "skipped: STEPTRAIL_REAL_DATA names no folder with recordings of real runs";

    /** All columns except {@code restored_at}, which a restore sets. */
    private static final String TASKS =
            "SELECT row_to_json(t)::jsonb - 'restored_at' - 'revision', metadata::text, losses::text,"
                    + " extra_start_fields::text, extra_end_fields::text FROM tasks AS t ORDER BY task_id";

    private static final String STEPS = "SELECT t::text FROM task_steps AS t ORDER BY task_id, step_number";
    private static final String SCREENSHOTS =
            "SELECT t::text FROM step_screenshots AS t ORDER BY task_id, step_number, screenshot_index";

    private static Path data;
    private static CloudProcess cloud;

    @BeforeAll
    static void start() throws Exception {
        data = MemoryFolder.create();
        cloud = CloudProcess.start(data);
    }

    @AfterAll
    static void stop() {
        cloud.close();
        FileUtils.deleteQuietly(data.toFile());
    }

    @Test
    void archivedSamples_areRestoredUnchanged() throws Exception {
        Path oneForAllSteps = Recording.SAMPLES.resolve("flight-launch-failed/screenshots/step_001.png");
        assertRestoredUnchanged(Imports.into(cloud, Recording.SAMPLES, "--screenshot", oneForAllSteps));
    }

    @Test
    void archivedRealRuns_areRestoredUnchanged() throws Exception {
        if (FOLDER.isBlank()) {
            System.out.println(
                    "ArchiveIT.archivedRealRuns_areRestoredUnchanged is " + NO_DATA); // Maven prints no reason
        }
        Assumptions.assumeFalse(FOLDER.isBlank(), NO_DATA);
        Path folder = Path.of(FOLDER);
        assertRestoredUnchanged(
                Imports.into(cloud, folder.resolve("traces"), "--screenshot", folder.resolve("phone-1080x2400.png")));
    }

    private static void assertRestoredUnchanged(Imports imports) throws Exception {
        execute("UPDATE tasks SET received_at = now() - interval '91 days'");
        List<List<String>> rows = List.of(column(TASKS), column(STEPS), column(SCREENSHOTS));
        List<String> answers = imports.answers();
        assertThat(rows).doesNotContain(List.of());

        assertThat(new MaintenanceHandler(cloud.functionSettings()).handleRequest(Map.of(), new TestContext()))
                .containsEntry("retention", "done")
                .containsEntry("purge", "done");

        assertThat(column(STEPS)).isEmpty();
        assertThat(column(SCREENSHOTS)).isEmpty();
        assertThat(column("SELECT counts ->> 'dropped_months' FROM maintenance_runs WHERE kind = 'retention'"))
                .isNotEmpty()
                .doesNotContain("0");
        for (String taskId : imports.tasks().values()) {
            assertArchived(imports.task(taskId), taskId);
        }

        assertRestored(imports);
        assertThat(List.of(column(TASKS), column(STEPS), column(SCREENSHOTS))).isEqualTo(rows);
        assertThat(imports.answers()).isEqualTo(answers);
        execute("TRUNCATE tasks, task_facets CASCADE"); // clean up for the other test
    }

    private static void assertRestored(Imports imports) throws Exception {
        Terminal admin = Terminal.ofAdmin(cloud);
        List<String> tasks = List.copyOf(imports.tasks().values());
        List<String> expected = new ArrayList<>();
        for (String taskId : tasks) {
            expected.add(taskId + "  restored, .*: " + imports.task(taskId).get("total_steps") + " steps?.*");
        }
        List<Object> restore = new ArrayList<>(List.of("restore"));
        restore.addAll(tasks);

        assertThat(admin.does(restore.toArray()))
                .zipSatisfy(expected, (line, pattern) -> assertThat(line).matches(pattern));
    }

    private static void assertArchived(JsonNode task, String taskId) throws Exception {
        assertThat(task.get("status").textValue()).isEqualTo("archived");
        Api api = cloud.api();
        assertThat(api.json("/api/tasks/" + taskId + "/steps").get("steps")).isEmpty();
        assertThat(api.json("/api/tasks/" + taskId + "/screenshots").get("screenshots"))
                .isEmpty();
        assertThat(api.json("/api/tasks/" + taskId + "/report").get("total_steps"))
                .isEqualTo(task.get("total_steps"));
        assertThat(api.json("/api/tasks").get("tasks").findValuesAsText("task_id"))
                .contains(taskId);
    }

    private static List<String> column(String sql) throws Exception {
        try (Connection connection = cloud.database();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    values.add(String.valueOf(rows.getString(column)));
                }
            }
            return values;
        }
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = cloud.database();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
