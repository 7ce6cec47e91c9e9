package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.operations.MaintenanceHandler;
import dev.steptrail.store.TestContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance archives a task, and {@code steptrail restore} makes all responses of the API the same again. */
class ArchiveIT {
    @Test
    void archivedTask_isRestoredUnchanged(@TempDir Path folder) throws Exception {
        CloudProcess cloud = CloudProcess.shared();
        Imports imports = Imports.into(cloud, Imports.changedSample(folder.resolve("run"), "To be archived: "));
        String task = imports.taskOf("weather-finished.json");
        try (Connection connection = cloud.database();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE tasks SET received_at = now() - interval '91 days' WHERE task_id = '" + task + "'");
        }
        List<String> answers = imports.answers();

        assertThat(new MaintenanceHandler(cloud.functionSettings()).handleRequest(Map.of(), new TestContext()))
                .containsEntry("retention", "done");

        assertThat(imports.task(task).get("status").textValue()).isEqualTo("archived");
        assertThat(imports.steps(task)).isEmpty();
        assertThat(imports.rows()).containsEntry("task_steps", 0L).containsEntry("step_screenshots", 0L);
        assertThat(Terminal.ofAdmin(cloud).does("restore", task))
                .singleElement()
                .asString()
                .matches(task + "  restored, .*: 5 steps.*");
        assertThat(imports.answers()).isEqualTo(answers);
    }
}
