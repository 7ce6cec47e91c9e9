package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that tasks with megabytes of text can be read individually and in lists. */
@Tag("slow")
class LargeTaskIT extends LargeTasksTestBase {
    @Test
    void taskWithLongTexts_isCompleteInEveryResponse() {
        writeFor("AIDAALICE", started(task, "相".repeat(LONG_TEXT), "n".repeat(1000)), step(task, 1));
        writeFor("AIDAALICE", losses(task), ended(task, "\"".repeat(LONG_TEXT)));

        JsonNode shown =
                alice.get("GET /api/tasks/{task_id}", task.toString(), "").json();

        assertThat(shown.get("description").asText()).isEqualTo("相".repeat(LONG_TEXT));
        assertThat(shown.get("metadata").get("note").asText()).hasSize(60_000);
        assertThat(shown.get("message").asText()).isEqualTo("\"".repeat(LONG_TEXT));
        assertThat(shown.get("dropped_steps").asInt()).isEqualTo(10_000);
        for (String route : List.of("GET /api/tasks/{task_id}", "GET /api/tasks/{task_id}/report", "GET /api/tasks")) {
            assertThat(answerLength(alice.get(route, task.toString(), ""))).isLessThan(MAX_ANSWER);
        }
    }

    @Test
    void screenshotsWithMegabytesOfMetadata_endAPage_andNoneIsMissing() {
        writeFor("AIDAALICE", started(task, "short", "short"));
        DATABASE.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) SELECT '"
                + task + "', n, 'action', '{}', now() FROM generate_series(1, 30) AS n");
        DATABASE.execute(
                "INSERT INTO step_screenshots SELECT '" + task + "', n, screenshot_index, 'before', repeat('k', 1000),"
                        + " repeat('h', 1000), 1, 1, 1, 1, repeat('f', 1000), true, false, '[]', repeat('p', 1000),"
                        + " repeat('t', 1000), NULL, NULL FROM generate_series(1, 30) AS n, generate_series(0, 99) AS screenshot_index"
                        + " WHERE n <> 7");

        for (String query : List.of("limit=1000&order=asc", "limit=1000&order=desc")) {
            List<JsonNode> steps = pages("GET /api/tasks/{task_id}/steps", "steps", query);
            assertThat(steps).hasSize(30).allSatisfy(step -> assertThat(
                            step.get("screenshots").findValuesAsText("screenshot_index"))
                    .isEqualTo(step.get("step_number").asInt() == 7 ? List.of() : hundred()));
        }
        assertThat(pages("GET /api/tasks/{task_id}/screenshots", "screenshots", ""))
                .hasSize(2900);
    }

    private static List<String> hundred() {
        return IntStream.range(0, 100).mapToObj(String::valueOf).toList();
    }

    private List<JsonNode> pages(String route, String list, String query) {
        List<List<JsonNode>> pages = alice.pages(route, task, query, list);
        assertThat(pages).hasSizeGreaterThan(2);
        return pages.stream().flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0001", "\"", "相"})
    void stepOfAnyCharacters_fitsIntoOneResponse(String character) {
        String text = character.repeat(12_000);
        Map<String, Object> others = Map.of("note", text.substring(0, 2_000));
        Map<String, Object> result = Map.of("message", text.substring(0, 2_000));
        Step failed =
                with(step(task, 1), "thinking", text, "actionResult", result, "success", false, "errorMessage", text);
        List<Screenshot> screenshots = IntStream.range(0, Step.MAX_SCREENSHOTS)
                .mapToObj(number -> screenshot(number, character.equals("\"") ? character : "x", character.repeat(10)))
                .toList();
        writeFor(
                "AIDAALICE",
                with(failed, "action", Map.of("action", text.substring(0, 2_000)), "unknown", others)
                        .withScreenshots(screenshots, List.of()),
                step(task, 2));

        Api.Answer answer = alice.get("GET /api/tasks/{task_id}/steps", task);

        assertThat(answerLength(answer)).isLessThan(MAX_ANSWER);
        assertThat(answer.json().get("steps").get(0).get("screenshots")).hasSize(100);
    }

    private Screenshot screenshot(int number, String keyCharacter, String name) {
        String key = "screenshots/AIDAALICE/" + task + "/" + keyCharacter.repeat(100);
        Step step = withScreenshot(step(task, 1), FrameRole.BEFORE, key + number);
        Screenshot screenshot = with(step.screenshots().get(0), "fileHash", name, "format", name);
        return with(screenshot, "perceptualHash", name, "thumbnailPath", key + "t" + number);
    }
}
