package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.aws.TestCdn;
import dev.steptrail.aws.TestParameters;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenshotUrlsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.5Z");

    private static final Map<String, String> SETTINGS = Map.of(
            "STEPTRAIL_BUCKET", "trail",
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG",
            "AWS_SESSION_TOKEN", "to+k/en==");

    /** The lifetime in the settings, 5 minutes by default, is limited by S3 and by the session of the credentials. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "      |       |                             | 2026-03-01T10:05:00Z | 300",
                "PT12H |       |                             | 2026-03-01T11:00:00Z | 3600",
                "PT12H |       | 2026-03-01T20:00:00Z        | 2026-03-01T20:00:00Z | 36000",
                "      |       | 2026-03-01T10:03:20.9+00:00 | 2026-03-01T10:03:20Z | 200",
                "      |       | 2026-03-01T18:05:00+08:00   | 2026-03-01T10:05:00Z | 300",
                "      |       | 2026-03-01T09:59:00Z        | 2026-03-01T09:59:00Z | 1",
                "      | false | 2026-03-01T10:00:01Z        | 2026-03-01T10:05:00Z | 300",
                "P30D  | false |                             | 2026-03-08T10:00:00Z | 604800",
            })
    void url_expiresAtTheReportedTime(
            String lifetime, String hasSession, String sessionEnd, Instant expiresAt, int seconds) {
        Map<String, String> changes = new HashMap<>();
        changes.put("STEPTRAIL_URL_LIFETIME", lifetime);
        changes.put("AWS_CREDENTIAL_EXPIRATION", sessionEnd);
        changes.put("AWS_SESSION_TOKEN", hasSession == null ? "to+k/en==" : "");
        changes.values().removeIf(Objects::isNull);

        ScreenshotUrls.ResponseSigner signer = with(changes).signer();

        assertThat(signer.expiresAt()).isEqualTo(expiresAt);
        assertThat(signer.url("a")).contains("X-Amz-Date=20260301T100000Z", "X-Amz-Expires=" + seconds + "&");
    }

    @ParameterizedTest
    @CsvSource({
        "webp, image%2Fwebp",
        "png, image%2Fpng",
        "svg+xml, application%2Foctet-stream",
        "html, application%2Foctet-stream"
    })
    void screenshot_isServedWithAnImageTypeOrAsBytes(String format, String type) {
        assertThat(with(Map.of()).signer().screenshotUrl("a", format)).contains("response-content-type=" + type + "&");
    }

    @Test
    void withCdn_screenshotsUseIt_andExportsUseTheBucket() {
        try (TestParameters parameters = TestParameters.start()) {
            ScreenshotUrls.ResponseSigner signer =
                    with(TestCdn.settings(parameters)).signer();

            assertThat(signer.url("exports/a")).startsWith("https://trail.s3.eu-central-1.amazonaws.com/exports/a?");
            assertThat(parameters.reads()).as("reads of the private key").isZero();
            assertThat(signer.screenshotUrl("a", "webp"))
                    .startsWith("https://d1.cloudfront.net/a?response-content-type=image%2Fwebp&Expires="
                            + signer.expiresAt().getEpochSecond() + "&Signature=");
        }
    }

    @Test
    void invalidExpiration_namesTheSetting() {
        assertThatThrownBy(() -> with(Map.of("AWS_CREDENTIAL_EXPIRATION", "soon")))
                .hasMessage("AWS_CREDENTIAL_EXPIRATION: must be a time like 2026-03-01T10:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 minutes", "PT0S", "PT0.5S", "-PT5M"})
    void invalidLifetime_namesTheSetting(String lifetime) {
        assertThatThrownBy(() -> with(Map.of("STEPTRAIL_URL_LIFETIME", lifetime)))
                .hasMessage("STEPTRAIL_URL_LIFETIME: must be an ISO 8601 duration of at least one second, like PT5M");
    }

    private static ScreenshotUrls with(Map<String, String> changes) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(changes);
        return new ScreenshotUrls(new Settings(settings), Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
