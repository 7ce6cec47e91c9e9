package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Presigned URLs of screenshots. */
class ScreenshotIT {
    private final Api api = CloudProcess.shared().api();
    private final String task = Imports.samples().taskOf("weather-finished.json");
    private final String path = "/api/steps/" + task + ".2/screenshot";

    @Test
    void screenshot_redirectsToAWebp_thatNeedsNoToken() throws Exception {
        Api.Answer redirect = api.get(path);
        assertThat(redirect.status()).isEqualTo(302);
        assertThat(redirect.header("cache-control")).isEqualTo("no-store");

        Api.Answer picture = Api.open(redirect.header("location"));
        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("content-type")).isEqualTo("image/webp");
        assertThat(new String(picture.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
        assertThat(new String(picture.body(), 8, 4, StandardCharsets.US_ASCII)).isEqualTo("WEBP");
    }

    @Test
    void redirectFalse_returnsTheUrlAndTheFormat() throws Exception {
        JsonNode screenshot = api.json(path + "?redirect=false");
        Api.Answer picture = Api.open(screenshot.get("url").textValue());

        assertThat(picture.status()).isEqualTo(200);
        assertThat(screenshot.get("step_id").textValue()).isEqualTo(task + ".2");
        assertThat(screenshot.get("file_size").intValue()).isEqualTo(picture.body().length);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(picture.body());
        assertThat(screenshot.get("file_hash").textValue())
                .isEqualTo(HexFormat.of().formatHex(hash));
    }

    @Test
    void url_worksWithinItsLifetime_andIsForbiddenAfterIt() throws Exception {
        String url;
        Instant expiry;
        int status;
        do { // on a loaded machine, the URL may expire before it is opened
            Instant before = Instant.now();
            JsonNode screenshot = api.json(path + "?redirect=false");
            url = screenshot.get("url").textValue();
            expiry = Instant.parse(screenshot.get("expires_at").textValue());
            assertThat(expiry).isBetween(before, Instant.now().plus(CloudProcess.URL_LIFETIME));
            status = Api.open(url).status();
        } while (Instant.now().isAfter(expiry));
        assertThat(status).isEqualTo(200);

        Thread.sleep(Duration.between(Instant.now(), expiry.plusSeconds(1)).toMillis());
        assertThat(Api.open(url).status()).isEqualTo(403);
    }

    @Test
    void url_withOneCharacterOfItsSignatureChanged_isForbidden() throws Exception {
        String url = api.get(path).header("location");
        int signature = url.indexOf("X-Amz-Signature=") + "X-Amz-Signature=".length();
        assertThat(url.substring(signature)).matches("[0-9a-f]{64}");

        for (int place : new int[] {signature, signature + 31, url.length() - 1}) {
            char other = url.charAt(place) == '0' ? '1' : '0';
            String forged = url.substring(0, place) + other + url.substring(place + 1);
            assertThat(Api.open(forged).status()).isEqualTo(403);
        }
        assertThat(Api.open(url).status()).isEqualTo(200);
    }

    @Test
    void url_forAnotherObject_isForbidden() throws Exception {
        String url = api.get(path).header("location");
        String other = api.get("/api/steps/" + task + ".3/screenshot").header("location");

        String forged = other.substring(0, other.indexOf('?')) + url.substring(url.indexOf('?'));
        assertThat(Api.open(forged).status()).isEqualTo(403);
    }

    @Test
    void listOfScreenshots_hasAWorkingUrlForEachStep() throws Exception {
        JsonNode list = api.json("/api/tasks/" + task + "/screenshots");

        assertThat(list.get("screenshots")).hasSize(5);
        assertThat(list.get("next_cursor").isNull()).isTrue();
        int number = 0;
        for (JsonNode screenshot : list.get("screenshots")) {
            assertThat(screenshot.get("step_number").intValue()).isEqualTo(++number);
            Api.Answer picture = Api.open(screenshot.get("url").textValue());
            assertThat(picture.status()).isEqualTo(200);
            assertThat(picture.header("content-type")).isEqualTo("image/webp");
        }
    }

    @Test
    void missingRole_isNotFound() throws Exception {
        Api.Answer answer = api.get(path + "?role=after");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("type").textValue()).isEqualTo("urn:steptrail:problem:no-screenshot");
    }
}
