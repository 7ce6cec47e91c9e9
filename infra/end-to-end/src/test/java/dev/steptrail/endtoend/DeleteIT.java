package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The owner deletes a task; shipping its records again does not restore it. */
class DeleteIT {
    private final CloudProcess cloud = CloudProcess.shared();

    @TempDir
    private Path folder;

    @Test
    void deletedTask_isNotFound_evenAfterAnotherImport() throws Exception {
        Imports run = Imports.changedSample(cloud, folder, "To be deleted: ");
        String task = run.taskOf("weather-finished.json");
        String path = "/api/tasks/" + task;
        Api other = cloud.apiOf("other", Map.of(), Duration.ofHours(1));
        assertThat(other.call("DELETE", path).status()).isEqualTo(404);
        assertThat(new Api(cloud.api().address(), null).call("DELETE", path).status())
                .isEqualTo(401);
        assertThat(cloud.api().get("/api/steps/" + task + ".1/screenshot").status())
                .isEqualTo(302);

        Api.Answer deleted = cloud.api().call("DELETE", path);

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(cloud.api().call("DELETE", path).status()).isEqualTo(404);
        run.again();
        assertThat(cloud.api().get(path).status()).isEqualTo(404);
        assertThat(cloud.api().get("/api/steps/" + task + ".1/screenshot").status())
                .isEqualTo(404);
        assertThat(run.rows())
                .isEqualTo(Map.of("tasks", 1L, "task_steps", 0L, "step_screenshots", 0L, "rejected_messages", 0L));
    }
}
