package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Imports recordings of real runs, if {@code STEPTRAIL_REAL_DATA} contains the path of their folder. */
@Order(6)
class RealImportIT extends ImportTests {
    private static final String FOLDER = System.getenv().getOrDefault("STEPTRAIL_REAL_DATA", "");
    private static final String NO_DATA = "skipped: STEPTRAIL_REAL_DATA names no folder with recordings of real runs";

    private static Imports imports;

    @BeforeAll
    static void importAll() throws Exception {
        if (FOLDER.isBlank()) {
            System.out.println("RealImportIT is " + NO_DATA); // Maven does not print why a test is skipped
            return;
        }
        Path data = Path.of(FOLDER);
        imports = Imports.into(
                CloudProcess.shared(), data.resolve("traces"), "--screenshot", data.resolve("phone-1080x2400.png"));
        assertThat(imports.tasks().keySet()).containsExactlyElementsOf(Recording.in(data.resolve("traces")));
    }

    @BeforeEach
    void skipWithoutData() {
        Assumptions.assumeFalse(
                FOLDER.isBlank(), NO_DATA); // before each test, so that Maven counts each one as skipped
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
        assertThat(imports.task(taskId).get("end_reason").textValue()).isEqualTo("ended_without_finish");
    }

    @Test
    void weatherRun_failed_becauseItsAppIsMissing() throws Exception {
        JsonNode steps = imports.steps(imports.taskOf("weather-launch-failed.json"));

        assertThat(steps).hasSize(1);
        assertThat(steps.get(0).get("success").booleanValue()).isFalse();
        assertThat(steps.get(0).get("error_message").textValue()).isEqualTo("App not found: 天气");
    }

    @Test
    void clockRun_isATaskWithoutSteps() throws Exception {
        String taskId = imports.taskOf("clock-0-steps.json");

        assertThat(imports.steps(taskId)).isEmpty();
        assertThat(imports.task(taskId).get("total_steps").intValue()).isZero();
    }

    @Test
    void cameraRun_hasLoopsAtItsShutter_andNextToIt() throws Exception {
        assertThat(imports.loops(imports.taskOf("camera-27-steps.json")))
                .containsExactly(
                        List.of(4, 8, 9, 10, 12, 13, 22, 25), // at 499,842
                        List.of(5, 7, 14, 26), // at 499,938 and next to it
                        List.of(15, 16, 20, 27));
    }

    @Test
    void weatherRun_suggestsHowToFixItsMissingApp() throws Exception {
        JsonNode suggestions =
                imports.report(imports.taskOf("weather-launch-failed.json")).get("suggestions");

        assertThat(suggestions).hasSize(1);
        assertThat(suggestions.get(0).get("kind").textValue()).isEqualTo("unknown_app");
        assertThat(suggestions.get(0).get("figures").get("app").textValue()).isEqualTo("天气");
    }

    @Test
    void volumeRun_hasNoLoop() throws Exception {
        assertThat(imports.loops(imports.taskOf("volume-4-steps.json"))).isEmpty();
    }
}
