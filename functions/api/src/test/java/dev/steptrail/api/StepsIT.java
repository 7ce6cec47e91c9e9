package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.store.TestRecords;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the paged steps of a task. */
class StepsIT extends ApiTestBase {
    @Test
    void step_isReturnedAsSent() {
        write(withScreenshot(
                step(task, 5, TestRecords.THINKING, Map.of("mood", "calm", "step_id", "forged")),
                FrameRole.BEFORE,
                key("a.webp")));

        String body = alice.get(STEPS, task).body();
        JsonNode shown = alice.get(STEPS, task).json().get("steps").get(0);

        assertThat(body)
                .contains("\"action\":{\"action\":\"Tap\",\"element\":[499,842],\"_metadata\":\"do\"}")
                .contains("相机 📷");
        assertThat(shown.get("step_id").asText()).isEqualTo(task + ".5");
        assertThat(shown.get("thinking").asText()).isEqualTo(TestRecords.THINKING);
        assertThat(shown.get("timestamp").asText()).isEqualTo("2026-03-01T10:00:05Z");
        assertThat(shown.get("duration_ms").asInt()).isEqualTo(500);
        assertThat(shown.get("success").asBoolean()).isFalse();
        assertThat(shown.get("error_message").asText()).isEqualTo("App not found: 相机");
        assertThat(shown.get("timings").get("model_ms").asInt()).isEqualTo(80);
        assertThat(shown.get("resources").isNull()).isTrue();
        assertThat(shown.get("mood").asText()).isEqualTo("calm");
        assertThat(shown.get("screenshot_path").asText()).isEqualTo(key("a.webp"));
        assertThat(shown.get("screenshots").get(0).get("luck").asInt()).isEqualTo(7);
        assertThat(shown.get("screenshots").get(0).has("url")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"asc, '[[1, 2, 3], [4, 5, 6], [7]]'", "desc, '[[7, 6, 5], [4, 3, 2], [1]]'"})
    void pagesOfSteps_formTheWholeListInOrder(String order, String pages) {
        write(IntStream.rangeClosed(1, 7).mapToObj(i -> step(task, i)).toArray(StepRecord[]::new));

        assertThat(alice.pages(STEPS, task, "limit=3&order=" + order, "steps", "step_number"))
                .hasToString(pages);
    }

    @Test
    void pageOfSteps_endsBeforeItExceedsTheLimitOfLambda() {
        String quotes = "\"".repeat(256 * 1024); // half a megabyte of JSON
        for (int number = 1; number <= 9; number++) {
            write(step(task, number, quotes));
        }

        assertThat(alice.pages(STEPS, task, "limit=1000", "steps", "step_number"))
                .containsExactly(List.of("1", "2", "3", "4", "5", "6", "7", "8"), List.of("9"));
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,'limit: must be a whole number from 1 to 1000, but is \"0\".'",
        "limit=1001,'limit: must be a whole number from 1 to 1000, but is \"1001\".'",
        "order=up,'order: must be one of asc, desc, but is \"up\".'",
        "cursor=AAAA,cursor: must be a next_cursor of this list in the same order.",
        "sort=up,'sort: unknown query parameter; allowed: cursor, include_model_calls, limit, max_number, min_number, order, since, success, text, type, until.'",
        "<b>=up,'query: unknown query parameter; allowed: cursor, include_model_calls, limit, max_number, min_number, order, since, success, text, type, until.'",
    })
    void invalidParameter_isNamed(String query, String detail) {
        write(step(task, 1));

        assertThat(alice.get(STEPS, task, query).badRequest()).isEqualTo(detail);
    }
}
