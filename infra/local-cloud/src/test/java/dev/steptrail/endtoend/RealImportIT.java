package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Recordings of real runs, where {@code STEPTRAIL_REAL_DATA} names their folder. */
class RealImportIT extends ImportTests {
    private static Imports imports;

    @BeforeAll
    static void importAll() throws Exception {
        String folder = System.getenv().getOrDefault("STEPTRAIL_REAL_DATA", "");
        if (folder.isBlank()) {
            String reason = "RealImportIT is skipped: STEPTRAIL_REAL_DATA names no folder of real recordings";
            System.out.println(reason); // Maven prints no reasons
            Assumptions.abort(reason);
        }
        Path data = Path.of(folder);
        imports = Imports.into(
                CloudProcess.shared(), data.resolve("traces"), "--screenshot", data.resolve("phone-1080x2400.png"));
        assertThat(imports.tasks().keySet()).containsExactlyElementsOf(Recording.in(data.resolve("traces")));
    }

    @Override
    Imports imports() {
        return imports;
    }

    @Test
    void cameraRun_has27Steps_andEndedWithoutFinish() throws Exception {
        String taskId = imports.taskOf("camera-27-steps.json");

        JsonNode steps = imports.steps(taskId);
        assertThat(steps).hasSize(27);
        assertThat(steps.findValuesAsText("step_number").stream().map(Integer::valueOf))
                .isSorted()
                .startsWith(1)
                .endsWith(27);
        assertThat(imports.task(taskId).get("ending").textValue()).isEqualTo("ended_without_finish");
    }

    @Test
    void weatherRun_failed_forItsAppIsNotThere() throws Exception {
        JsonNode steps = imports.steps(imports.taskOf("weather-launch-failed.json"));

        assertThat(steps).hasSize(1);
        assertThat(steps.get(0).get("success").booleanValue()).isFalse();
        assertThat(steps.get(0).get("error_message").textValue()).isEqualTo("App not found: 天气");
    }

    @Test
    void clockRun_isATaskOfNoSteps() throws Exception {
        String taskId = imports.taskOf("clock-0-steps.json");

        assertThat(imports.steps(taskId)).isEmpty();
        assertThat(imports.task(taskId).get("total_steps").intValue()).isZero();
    }
}
