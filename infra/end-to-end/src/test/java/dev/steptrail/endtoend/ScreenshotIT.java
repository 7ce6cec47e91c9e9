package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
    void url_forAnotherObject_isForbidden() throws Exception {
        String url = api.get(path).header("location");
        String other = api.get("/api/steps/" + task + ".3/screenshot").header("location");

        String forged = other.substring(0, other.indexOf('?')) + url.substring(url.indexOf('?'));
        assertThat(Api.open(forged).status()).isEqualTo(403);
    }
}
