package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the screenshots of a step and of a task. */
class ScreenshotsIT extends ApiTestBase {
    @Test
    void screenshot_redirectsToASignedUrl() {
        write(withScreenshot(step(task, 1), FrameRole.BEFORE, key("a b.webp")));

        Api.Answer answer = alice.get(SCREENSHOT, task + ".1", "role=before");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
        assertThat(answer.headers().get("location"))
                .startsWith("http://127.0.0.1:9000/trail/screenshots/AIDAALICE/" + task + "/a%20b.webp?")
                .contains("X-Amz-Expires=300", "X-Amz-Signature=", "X-Amz-Credential=AKIDEXAMPLE");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void screenshotWithoutRedirect_returnsUrlsAndFields() {
        Step plain = withScreenshot(step(task, 1), FrameRole.AFTER, key("a.webp"));
        Screenshot small = with(plain.screenshots().get(0), "thumbnailPath", key("small.webp"));
        write(
                plain.withScreenshots(List.of(small), List.of()),
                withScreenshot(step(task, 2), FrameRole.BEFORE, key("b.webp")));

        JsonNode shown = alice.get(SCREENSHOT, task + ".1", "redirect=false").json();
        JsonNode other = alice.get(SCREENSHOT, task + ".2", "redirect=false").json();
        JsonNode listed = alice.get(SCREENSHOTS, task).json().get("screenshots");

        assertThat(shown.get("url").asText()).contains("/a.webp?", "X-Amz-Signature=");
        assertThat(Instant.parse(shown.get("expires_at").asText()))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(4)), Instant.now().plus(Duration.ofMinutes(6)));
        assertThat(shown.get("role").asText()).isEqualTo("after");
        assertThat(shown.get("file_size").asInt()).isEqualTo(1000);
        for (JsonNode withThumbnail : List.of(shown, listed.get(0))) {
            assertThat(withThumbnail.get("thumbnail_url").asText()).contains("/small.webp?", "X-Amz-Signature=");
        }
        for (JsonNode without : List.of(other, listed.get(1))) {
            assertThat(without.get("thumbnail_url").isNull()).isTrue();
        }
    }

    @Test
    void missingScreenshot_is404WithASeparateType() {
        write(step(task, 1), withScreenshot(step(task, 2), FrameRole.AFTER, key("a.webp")));

        for (Api.Answer answer : List.of(
                alice.get(SCREENSHOT, task + ".1"),
                alice.get(SCREENSHOT, task + ".2", "role=before"),
                alice.get(SCREENSHOT, task + ".3"))) {
            assertThat(answer.problem()).isEqualTo("404 no-screenshot");
        }
    }

    @Test
    void screenshotsOfATask_arePagedByFiftySteps_andFoundByStepNumber() {
        write(IntStream.rangeClosed(1, 51)
                .mapToObj(
                        i -> i < 31 ? step(task, i) : withScreenshot(step(task, i), FrameRole.BEFORE, key(i + ".webp")))
                .toArray(StepRecord[]::new));

        Api.Answer first = alice.get(SCREENSHOTS, task);
        assertThat(first.headers()).containsEntry("cache-control", "no-store");
        assertThat(first.json().get("expires_at").isNull()).isFalse();
        assertThat(first.json().get("screenshots")).hasSize(20);
        List<List<JsonNode>> pages = alice.pages(SCREENSHOTS, task, "", "screenshots");
        assertThat(pages).hasSize(2);
        assertThat(pages.get(1)).singleElement().satisfies(last -> {
            assertThat(last.get("step_number").asInt()).isEqualTo(51);
            assertThat(last.get("url").asText()).contains("/51.webp?");
        });
        assertThat(alice.pages(SCREENSHOTS, task, "min_number=50", "screenshots", "step_number"))
                .containsExactly(List.of("50", "51"));
    }
}
