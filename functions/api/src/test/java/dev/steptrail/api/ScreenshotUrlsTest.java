package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.Settings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenshotUrlsTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "STEPTRAIL_BUCKET", "trail",
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG",
            "AWS_SESSION_TOKEN", "to+k/en==");

    @Test
    void aUrl_expiresWhenItSays() {
        Instant now = Instant.parse("2026-03-01T10:00:00.5Z");
        SignedUrl signed = new ScreenshotUrls(new Settings(SETTINGS), Clock.fixed(now, ZoneOffset.UTC)).of("a");

        assertThat(signed.expiresAt()).isEqualTo("2026-03-01T10:05:00Z");
        assertThat(signed.url()).contains("X-Amz-Date=20260301T100000Z", "X-Amz-Expires=300");
    }

    @ParameterizedTest
    @CsvSource({
        "webp, image%2Fwebp",
        "png, image%2Fpng",
        "svg+xml, application%2Foctet-stream",
        "html, application%2Foctet-stream"
    })
    void aPicture_isServedAsOne_andNothingElseIs(String format, String type) {
        assertThat(with("STEPTRAIL_URL_LIFETIME", "PT5M").ofPicture("a", format).url())
                .contains("response-content-type=" + type + "&");
    }

    @Test
    void aLifeOverWhatS3Takes_isCutToIt() {
        assertThat(with("STEPTRAIL_URL_LIFETIME", "P30D").of("a").url()).contains("X-Amz-Expires=604800&");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 minutes", "PT0S", "PT0.5S", "-PT5M"})
    void aLifeThatIsNone_namesTheSetting(String lifetime) {
        assertThatThrownBy(() -> with("STEPTRAIL_URL_LIFETIME", lifetime))
                .hasMessage("STEPTRAIL_URL_LIFETIME: must be a duration of a second or more in ISO 8601, like PT5M");
    }

    private static ScreenshotUrls with(String name, String value) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put(name, value);
        return new ScreenshotUrls(new Settings(settings), Clock.systemUTC());
    }
}
