package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.TestRecords;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Tests the images that a share link shows. Without details, they come from the API, because URLs of the bucket contain
 * keys.
 */
class SharedImagesIT extends SharesTestBase {
    private static final String SCREENSHOTS_BY_LINK = SHARED.get(3);

    @Test
    void linkWithoutDetails_getsImagesFromTheApi() {
        writeScreenshot();
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
        writeScreenshot();
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
        writeScreenshot();
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
        assertThat(tooLarge.problem()).isEqualTo("422 screenshot-too-large");
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

    /** Writes a step with a screenshot and its thumbnail. */
    private void writeScreenshot() {
        Step step = TestRecords.withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp"));
        write(step.withScreenshots(
                List.of(with(step.screenshots().get(0), "thumbnailPath", key("t.webp"))), List.of()));
        store("a.webp", "image a");
        store("t.webp", "thumbnail of a");
    }

    private Api.Answer screenshot(String token, String query) {
        return screenshot(token, query, "\"none\"");
    }

    private Api.Answer screenshot(String token, String query, String tag) {
        Map<String, String> headers = Map.of(ShareLinkAuthenticator.HEADER, token, "if-none-match", tag);
        return anonymous.call(SHARED.get(4), path(SHARED.get(4), task), query, null, headers);
    }
}
