package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.store.TestRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Tests that a share link shows sensitive screenshots and details, such as owners and object keys, only if it includes
 * them. Without details, images come from the API, because the URLs of the bucket contain keys.
 */
class SharedDetailsIT extends SharesTestBase {
    private static final String SCREENSHOTS_BY_LINK = SHARED.get(3);
    private static final UUID PREVIOUS_TASK = UUID.fromString("019b1ed6-ce02-7a41-b1c5-2f8a90d3e671");

    private static final String[] DETAILS = {
        "phone-7", "rack-3", "start-9", "end-9", "own-9", "shot-9", "attachments/", "ann.lee", PREVIOUS_TASK.toString()
    };

    /** Fields of a step whose names the format defines, with values that it does not. */
    private static final String DETAILED_DATA = """
            {
              "attachments": [{"field": "thinking", "path": "attachments/AIDAALICE/1", "file_hash": "0", "file_size": 1,
                               "original_size": 300000, "by": "ann.lee"}],
              "timings": {"model_ms": 1200, "on": "/home/ann.lee"},
              "resources": {"cpu": 0.5, "by": {"user": "ann.lee"}},
              "lost_screenshots": [
                {"role": "before", "count": 2, "reason": "/home/ann.lee/bank/shot1.png", "device": "phone-7"},
                {"role": "ann.lee", "count": "1", "screenshot_path": "attachments/AIDAALICE/3"},
                "ann.lee"
              ]
            }
            """;

    @Test
    void sensitiveScreenshots_areOmitted_unlessTheLinkIncludesThem() {
        writeScreenshots();
        String without = share("{}").get("token").asText();
        String with = share("{\"include_sensitive\":true}").get("token").asText();

        assertThat(visibleScreenshots(without)).isEqualTo(List.of(1, 1, 200, 200, 404));
        assertThat(visibleScreenshots(with)).isEqualTo(List.of(2, 2, 200, 200, 200));
        assertThat(alice.get(SCREENSHOTS, task.toString(), "").json().get("screenshots"))
                .hasSize(2);
        assertThat(shared(SHARED.get(1), task, without).body()).doesNotContain("secret.webp");
        assertThat(shared(SHARED.get(3), task, without).body()).doesNotContain("secret.webp");
    }

    @Test
    void report_inAnyFormat_omitsSensitiveScreenshots() {
        writeScreenshots();
        String without = share("{}").get("token").asText();
        String with = share("{\"include_sensitive\":true}").get("token").asText();

        assertThat(keyScreenshots(without)).containsExactly("before");
        assertThat(keyScreenshots(with)).containsExactly("before", "after");
        assertThat(report(without, "md").body()).contains("| 1 | before |").doesNotContain("| 1 | after |");
        assertThat(report(with, "md").body()).contains("| 1 | before |", "| 1 | after |");
    }

    @Test
    void sharedRoutes_hideOwnerDeviceAndKeys_unlessTheLinkIncludesDetails() {
        writeTaskWithDetails();
        String without = share("{}").get("token").asText();
        String with = share("{\"include_details\":true}").get("token").asText();

        assertThat(sharedBodies(without)).hasSize(7).allSatisfy((route, body) -> assertThat(body)
                .as(route)
                .doesNotContain(DETAILS)
                .doesNotContain(task + "/", "AIDAALICE", "alice"));
        assertThat(sharedBodies(without).get(SHARED.get(0))).contains("{\"dropped_steps\":{\"queue_full\":3}}");
        assertThat(sharedBodies(without).get(SHARED.get(1)))
                .contains(
                        "\"model_ms\":1200", "[{\"role\":\"before\",\"count\":2},{},{}]", "\"original_size\":300000}");
        assertThat(sharedBodies(without).get(SHARED.get(2))).contains("\"total_lost_screenshots\":4");
        Map<String, String> complete = sharedBodies(with);
        assertThat(complete.get(SHARED.get(0)))
                .contains("alice", "phone-7", "rack-3", "start-9", "end-9", PREVIOUS_TASK.toString());
        assertThat(complete.get(SHARED.get(1)))
                .contains(key("a.webp"), key("t.webp"), "attachments/", "own-9", "shot-9");
        assertThat(complete.get(SHARED.get(1))).contains("/home/ann.lee/bank/shot1.png");
        assertThat(complete.get(SHARED.get(2))).contains("alice", "phone-7", "/home/ann.lee/bank/shot1.png");
        assertThat(complete.get(SHARED.get(3))).contains(key("a.webp"), key("t.webp"), "shot-9");
        assertThat(complete.get(SHARED.get(2) + " csv")).contains(key("a.webp"));
        assertThat(complete.get(SHARED.get(2) + " md")).contains("alice", "phone-7");
    }

    @Test
    void linkWithoutDetails_getsImagesFromTheApi() {
        writeTaskWithDetails();
        store("a.webp", "image a");
        store("t.webp", "thumbnail of a");
        String token = share("{}").get("token").asText();
        JsonNode list = shared(SCREENSHOTS_BY_LINK, task, token).json();
        JsonNode listed = list.get("screenshots").get(0);
        JsonNode single = screenshot(token, "redirect=false").json();

        String url = "/api/shared/steps/" + task + ".1/screenshot?index=0";
        for (JsonNode urls : List.of(listed, single)) {
            assertThat(urls.get("url").asText()).isEqualTo(url);
            assertThat(urls.get("thumbnail_url").asText()).isEqualTo(url + "&thumbnail=true");
        }
        assertThat(list.get("expires_at").isNull()).isTrue();
        assertThat(single.get("expires_at").isNull()).isTrue();
        Api.Answer image = screenshot(token, "index=0");
        assertThat(image.status()).isEqualTo(200);
        assertThat(image.body()).isEqualTo("image a");
        assertThat(image.headers())
                .containsEntry("content-type", "image/webp")
                .containsEntry("cache-control", "private, no-cache")
                .containsEntry("x-content-type-options", "nosniff")
                .doesNotContainKey("location");
        assertThat(screenshot(token, "").body()).isEqualTo("image a");
        assertThat(screenshot(token, "role=before").body()).isEqualTo("image a");
        assertThat(screenshot(token, "index=0&thumbnail=true").body()).isEqualTo("thumbnail of a");
        for (String missing : List.of("index=1", "index=0&role=after")) {
            assertThat(screenshot(token, missing).status()).as(missing).isEqualTo(404);
        }
        for (String invalid : List.of("index=-1", "index=100", "index=00", "thumbnail=yes")) {
            assertThat(screenshot(token, invalid).status()).as(invalid).isEqualTo(400);
        }
    }

    @Test
    void imageByALink_isRevalidatedByItsHash() {
        writeTaskWithDetails();
        store("a.webp", "image a");
        store("t.webp", "thumbnail of a");
        String token = share("{}").get("token").asText();

        String tag = screenshot(token, "").headers().get("etag");
        Api.Answer again = screenshot(token, "", tag);

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.headers()).containsEntry("etag", tag);
        assertThat(screenshot(token, "thumbnail=true", tag).status()).isEqualTo(200);
        DATABASE.execute("UPDATE step_screenshots SET file_hash = repeat('1', 64) WHERE task_id = '" + task + "'");
        assertThat(screenshot(token, "", tag).status()).isEqualTo(200);
    }

    @Test
    void linkWithDetails_getsPresignedUrls() {
        writeTaskWithDetails();
        String token = share("{\"include_details\":true}").get("token").asText();

        assertThat(screenshot(token, "").headers().get("location")).contains(key("a.webp") + "?", "X-Amz-Signature=");
        assertThat(screenshot(token, "index=0&thumbnail=true").headers().get("location"))
                .contains(key("t.webp") + "?");
        assertThat(shared(SCREENSHOTS_BY_LINK, task, token)
                        .json()
                        .get("screenshots")
                        .get(0)
                        .get("url")
                        .asText())
                .contains(key("a.webp") + "?", "X-Amz-Expires=");
    }

    @Test
    void imageThatCannotBeReturned_isAProblem() {
        write(TestRecords.withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp")));
        String token = share("{}").get("token").asText();

        assertThat(screenshot(token, "").status()).isEqualTo(404);
        BUCKET.put(key("a.webp"), new byte[4_400_000]);
        assertThat(screenshot(token, "").body()).hasSize(4_400_000);
        BUCKET.put(key("a.webp"), new byte[4_400_001]);
        Api.Answer tooLarge = screenshot(token, "");
        assertThat(tooLarge.status()).isEqualTo(422);
        assertThat(tooLarge.json().get("type").asText()).isEqualTo("urn:steptrail:problem:screenshot-too-large");
        DATABASE.execute("UPDATE step_screenshots SET format = 'svg+xml' WHERE task_id = '" + task + "'");
        store("a.webp", "<svg/>");
        assertThat(screenshot(token, "").headers()).containsEntry("content-type", "application/octet-stream");
        Api.Answer unavailable = new Api(HANDLER, null)
                .call(SHARED.get(4), path(SHARED.get(4), task), "", null, Map.of(ShareLinkAuthenticator.HEADER, token));
        assertThat(unavailable.status()).isEqualTo(503);
        assertThat(unavailable.body())
                .contains("The screenshot is temporarily unavailable")
                .doesNotContain("AIDAALICE");
        assertThat(unavailable.logged()).contains("screenshot_unavailable");
    }

    @Test
    void csv_omitsSensitiveScreenshots() {
        writeOnlySensitive();
        String without = share("{\"include_details\":true}").get("token").asText();
        String with = share("{\"include_sensitive\":true,\"include_details\":true}")
                .get("token")
                .asText();

        assertThat(report(without, "csv").body()).contains("\r\n1,").doesNotContain("secret.webp");
        assertThat(report(with, "csv").body()).contains("secret.webp");
    }

    /** Writes a task that names its owner, its device and keys in all fields that may contain them. */
    private void writeTaskWithDetails() {
        Step step = TestRecords.withScreenshot(
                step(task, 1, "Open it", Map.of("own", "own-9")), FrameRole.BEFORE, key("a.webp"));
        Screenshot plain = step.screenshots().get(0);
        Screenshot screenshot =
                copy(plain, plain.role(), plain.screenshotPath(), false, key("t.webp"), Map.of("by", "shot-9"));
        write(
                new TaskStarted(
                        task,
                        TestRecords.START,
                        "shared",
                        "Open it",
                        "demo-agent",
                        "model",
                        "phone-7",
                        PREVIOUS_TASK,
                        null,
                        Map.of("rack", "rack-3"),
                        ExperimentCase.NONE,
                        List.of(),
                        Map.of("own", "start-9")),
                step.withScreenshots(List.of(screenshot), List.of()),
                new TaskEnded(
                        task,
                        TestRecords.START.plusSeconds(9),
                        TaskStatus.SUCCEEDED,
                        null,
                        "done",
                        1,
                        List.of(),
                        Map.of("own", "end-9")));
        DATABASE.execute("UPDATE tasks SET losses = '{\"dropped_steps\":{\"queue_full\":3},\"own\":"
                + "\"attachments/AIDAALICE/2\"}' WHERE task_id = '" + task + "'");
        DATABASE.execute("UPDATE task_steps SET step_data = (step_data::jsonb || '" + DETAILED_DATA + "')::json"
                + " WHERE task_id = '" + task + "'");
    }

    /** Returns the bodies of all shared routes and formats. */
    private Map<String, String> sharedBodies(String token) {
        Map<String, String> bodies = new HashMap<>();
        for (String route : SHARED) {
            Api.Answer answer = anonymous.call(
                    route,
                    path(route, task),
                    route.equals(SHARED.get(4)) ? "redirect=false" : "",
                    null,
                    Map.of(ShareLinkAuthenticator.HEADER, token));
            assertThat(answer.status()).as(route).isEqualTo(200);
            bodies.put(route, answer.body());
        }
        for (String format : List.of("csv", "md")) {
            bodies.put(SHARED.get(2) + " " + format, report(token, format).body());
        }
        return bodies;
    }

    private void writeOnlySensitive() {
        Step step = TestRecords.withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp"));
        write(step.withScreenshots(List.of(sensitive(step.screenshots().get(0))), List.of()));
    }

    private List<String> keyScreenshots(String token) {
        return report(token, "json").json().get("key_screenshots").findValuesAsText("role");
    }

    private Api.Answer report(String token, String format) {
        String route = SHARED.get(2);
        return anonymous.call(
                route, path(route, task), "format=" + format, null, Map.of(ShareLinkAuthenticator.HEADER, token));
    }

    /** Returns the number of screenshots of the step and of the task, and the status of three screenshot requests. */
    private List<Integer> visibleScreenshots(String token) {
        return List.of(
                shared(SHARED.get(1), task, token)
                        .json()
                        .get("steps")
                        .get(0)
                        .get("screenshots")
                        .size(),
                shared(SHARED.get(3), task, token).json().get("screenshots").size(),
                screenshot(token, "").status(),
                screenshot(token, "role=before").status(),
                screenshot(token, "role=after").status());
    }

    private Api.Answer screenshot(String token, String query) {
        return anonymous.call(
                SHARED.get(4), path(SHARED.get(4), task), query, null, Map.of(ShareLinkAuthenticator.HEADER, token));
    }

    private Api.Answer screenshot(String token, String query, String tag) {
        return anonymous.call(
                SHARED.get(4),
                path(SHARED.get(4), task),
                query,
                null,
                Map.of(ShareLinkAuthenticator.HEADER, token, "if-none-match", tag));
    }
}
