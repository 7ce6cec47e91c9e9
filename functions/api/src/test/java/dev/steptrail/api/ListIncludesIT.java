package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Tests what {@code include} adds to the list of tasks. */
class ListIncludesIT extends ApiTestBase {
    @Test
    void thumbnail_isTheLastFrameOfTheNewestStepWithAScreenshot() {
        write(
                started(task),
                frames(step(task, 1), frame("a.webp", "a-small.webp", false)),
                frames(step(task, 2), frame("b.webp", null, false), frame("c.webp", "c-small.webp", false)),
                step(task, 3));

        JsonNode thumbnail = listed(alice, "include=thumbnail").get("thumbnail");

        assertThat(thumbnail.get("url").asText())
                .startsWith("http://127.0.0.1:9000/trail/screenshots/AIDAALICE/" + task + "/c-small.webp?")
                .contains("X-Amz-Signature=");
        assertThat(thumbnail.get("step_number").asInt()).isEqualTo(2);
        assertThat(thumbnail.get("screenshot_index").asInt()).isEqualTo(1);
        assertThat(thumbnail.get("role").asText()).isEqualTo("after");
        assertThat(thumbnail.get("sensitive").asBoolean()).isFalse();
        assertThat(Instant.parse(thumbnail.get("expires_at").asText())).isAfter(Instant.now());
    }

    @Test
    void sensitiveLastFrame_isNotReplacedByAnother() {
        write(
                started(task),
                frames(step(task, 1), frame("a.webp", "a-small.webp", false)),
                frames(step(task, 2), frame("secret.webp", "secret-small.webp", true)));

        JsonNode thumbnail = listed(alice, "include=thumbnail").get("thumbnail");

        assertThat(thumbnail.toString())
                .isEqualTo("{\"url\":null,\"step_number\":2,\"screenshot_index\":0,\"role\":\"before\","
                        + "\"sensitive\":true,\"expires_at\":null}");
        assertThat(audited()).isEmpty();
    }

    @Test
    void taskWithoutScreenshotsOrFailedSteps_hasNulls() {
        write(started(task), step(task, 1));

        JsonNode listed = listed(alice, "include=thumbnail&include=error");

        assertThat(listed.get("thumbnail").isNull()).isTrue();
        assertThat(listed.get("last_error").isNull()).isTrue();
        assertThat(listed(alice, "").has("thumbnail")).isFalse();
        assertThat(listed(alice, "").has("last_error")).isFalse();
        assertThat(listed(alice, "").has("usage")).isTrue();
    }

    @Test
    void lastError_isThatOfTheNewestFailedStep() {
        write(
                started(task),
                step(task, 5),
                failed(step(task, 6), "x".repeat(500)),
                step(task, 7),
                ended(task, TaskStatus.FAILED, 7));

        assertThat(listed(alice, "include=error").get("last_error").toString())
                .isEqualTo("{\"step_number\":6,\"error\":\"" + "x".repeat(300) + "\"}");
        write(failed(step(task, 8), null));
        assertThat(listed(alice, "include=error").get("last_error").toString())
                .isEqualTo("{\"step_number\":8,\"error\":null}");
    }

    @Test
    void thumbnails_areAuditedOncePerTaskAndMinute() {
        UUID other = UuidV7.at(Instant.now());
        write(started(task), frames(step(task, 1), frame("a.webp", null, false)));
        for (int poll = 0; poll < 3; poll++) {
            listed(alice, "include=thumbnail");
        }
        listed(admin, "owner=alice&include=thumbnail");
        listed(alice, "include=error");
        String keyOfOther = "screenshots/AIDAALICE/" + other + "/a.webp";
        write(started(other), withScreenshot(step(other, 1), FrameRole.BEFORE, keyOfOther));
        listed(alice, "include=thumbnail");

        assertThat(audited()).containsExactly("alice read_thumbnail alice", "root read_thumbnail alice");
        assertThat(DATABASE.column("SELECT caller FROM audit_log WHERE task_id = '" + other + "'"))
                .containsExactly("alice");
    }

    @Test
    void listWithThumbnails_isNotStored() {
        write(started(task), frames(step(task, 1), frame("a.webp", null, false)));

        assertThat(listed(alice, "include=thumbnail").at("/thumbnail/url").asText())
                .as("without a thumbnail, the screenshot")
                .contains("/a.webp?");
        assertThat(alice.get(TASKS, null, "include=thumbnail").headers()).containsEntry("cache-control", "no-store");
        assertThat(alice.get(TASKS, null, "include=error").headers()).containsKey("etag");
    }

    private JsonNode listed(Api api, String query) {
        Api.Answer answer = api.get(TASKS, null, query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return StreamSupport.stream(answer.json().get("tasks").spliterator(), false)
                .filter(listed -> listed.get("task_id").asText().equals(task.toString()))
                .findFirst()
                .orElseThrow();
    }

    private List<String> audited() {
        return DATABASE.column("SELECT concat_ws(' ', caller, action, task_owner) FROM audit_log WHERE task_id = '"
                + task + "' ORDER BY at, id");
    }

    private static Step failed(Step step, String error) {
        return with(step, "success", false, "errorMessage", error);
    }

    private static Step frames(Step step, Screenshot... screenshots) {
        List<Screenshot> withRoles = new ArrayList<>(List.of(screenshots));
        withRoles.replaceAll(
                frame -> with(frame, "role", frame == screenshots[0] ? FrameRole.BEFORE : FrameRole.AFTER));
        return step.withScreenshots(withRoles, List.of());
    }

    private Screenshot frame(String file, String thumbnail, boolean sensitive) {
        Step step = withScreenshot(step(task, 1), FrameRole.BEFORE, key(file));
        String path = thumbnail == null ? null : key(thumbnail);
        return with(step.screenshots().get(0), "sensitive", sensitive, "thumbnailPath", path);
    }
}
