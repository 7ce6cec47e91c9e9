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
    void screenshotWithoutRedirect_returnsUrlAndFields() {
        write(withScreenshot(step(task, 1), FrameRole.AFTER, key("a.webp")));

        JsonNode shown = alice.get(SCREENSHOT, task + ".1", "redirect=false").json();

        assertThat(shown.get("url").asText()).contains("X-Amz-Signature=");
        assertThat(Instant.parse(shown.get("expires_at").asText()))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(4)), Instant.now().plus(Duration.ofMinutes(6)));
        assertThat(shown.get("role").asText()).isEqualTo("after");
        assertThat(shown.get("file_size").asInt()).isEqualTo(1000);
    }

    @Test
    void thumbnail_hasAUrlToo() {
        Step plain = withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp"));
        write(withThumbnail(plain, key("small.webp")), withScreenshot(step(task, 2), FrameRole.BEFORE, key("b.webp")));

        JsonNode one = alice.get(SCREENSHOT, task + ".1", "redirect=false").json();
        JsonNode none = alice.get(SCREENSHOT, task + ".2", "redirect=false").json();
        JsonNode listed = alice.get(SCREENSHOTS, task.toString(), "").json().get("screenshots");

        assertThat(one.get("thumbnail_url").asText()).contains("/small.webp?", "X-Amz-Signature=");
        assertThat(none.get("thumbnail_url").isNull()).isTrue();
        assertThat(listed.get(0).get("thumbnail_url").asText()).contains("/small.webp?");
        assertThat(listed.get(1).get("thumbnail_url").isNull()).isTrue();
    }

    private static Step withThumbnail(Step step, String key) {
        Screenshot small = with(step.screenshots().get(0), "thumbnailPath", key);
        return step.withScreenshots(List.of(small), List.of());
    }

    @Test
    void missingScreenshot_is404WithASeparateType() {
        write(step(task, 1), withScreenshot(step(task, 2), FrameRole.AFTER, key("a.webp")));

        for (Api.Answer answer : List.of(
                alice.get(SCREENSHOT, task + ".1", ""),
                alice.get(SCREENSHOT, task + ".2", "role=before"),
                alice.get(SCREENSHOT, task + ".3", ""))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().get("type").asText()).isEqualTo("urn:steptrail:problem:no-screenshot");
        }
    }

    @Test
    void fiftyStepsWithoutScreenshots_areAnEmptyPage() {
        write(IntStream.rangeClosed(1, 51)
                .mapToObj(i -> i < 51 ? step(task, i) : withScreenshot(step(task, i), FrameRole.BEFORE, key("a.webp")))
                .toArray(StepRecord[]::new));

        assertThat(alice.pages(SCREENSHOTS, task.toString(), "", "screenshots", "step_number"))
                .containsExactly(List.of(), List.of("51"));
    }

    @Test
    void screenshotsOfATask_arePagedByFiftySteps_andFoundByStepNumber() {
        write(IntStream.rangeClosed(1, 51)
                .mapToObj(i -> withScreenshot(step(task, i), FrameRole.BEFORE, key(i + ".webp")))
                .toArray(StepRecord[]::new));

        Api.Answer first = alice.get(SCREENSHOTS, task.toString(), "");
        JsonNode second = alice.get(
                        SCREENSHOTS,
                        task.toString(),
                        "cursor=" + first.json().get("next_cursor").asText())
                .json();

        assertThat(first.headers()).containsEntry("cache-control", "no-store");
        assertThat(first.json().get("screenshots")).hasSize(50);
        assertThat(first.json().get("expires_at").isNull()).isFalse();
        assertThat(second.get("screenshots")).hasSize(1);
        assertThat(second.get("screenshots").get(0).get("step_number").asInt()).isEqualTo(51);
        assertThat(second.get("screenshots").get(0).get("url").asText()).contains("/51.webp?");
        assertThat(second.get("next_cursor").isNull()).isTrue();

        JsonNode later =
                alice.get(SCREENSHOTS, task.toString(), "min_number=30").json();
        assertThat(later.get("screenshots")).hasSize(22);
        assertThat(later.get("screenshots").get(0).get("step_number").asInt()).isEqualTo(30);
    }
}
