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

    @Test
    void url_expiresAtTheReportedTime() {
        ScreenshotUrls.ResponseSigner signer = with(Map.of()).signer();

        assertThat(signer.expiresAt()).isEqualTo("2026-03-01T10:05:00Z");
        assertThat(signer.url("a")).contains("X-Amz-Date=20260301T100000Z", "X-Amz-Expires=300");
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
    void lifetimeOverTheS3Limit_isReducedToIt() {
        assertThat(with(Map.of("STEPTRAIL_URL_LIFETIME", "P30D", "AWS_SESSION_TOKEN", ""))
                        .signer()
                        .url("a"))
                .contains("X-Amz-Expires=604800&");
    }

    @Test
    void url_expiresWithItsSession() {
        ScreenshotUrls.ResponseSigner signer = with(Map.of("AWS_CREDENTIAL_EXPIRATION", "2026-03-01T10:03:20.9+00:00"))
                .signer();

        assertThat(signer.expiresAt()).isEqualTo("2026-03-01T10:03:20Z");
        assertThat(signer.url("a")).contains("X-Amz-Expires=200&");
        assertThat(with(Map.of("AWS_CREDENTIAL_EXPIRATION", "2026-03-01T18:05:00+08:00"))
                        .signer()
                        .url("a"))
                .contains("X-Amz-Expires=300&");
    }

    @Test
    void expiredSession_isReported() {
        ScreenshotUrls.ResponseSigner signer = with(Map.of("AWS_CREDENTIAL_EXPIRATION", "2026-03-01T09:59:00Z"))
                .signer();

        assertThat(signer.expiresAt()).isEqualTo("2026-03-01T09:59:00Z");
        assertThat(signer.url("a")).contains("X-Amz-Expires=1&");
    }

    @Test
    void sessionWithoutExpiration_limitsUrlsToOneHour() {
        assertThat(with(Map.of("STEPTRAIL_URL_LIFETIME", "PT12H")).signer().expiresAt())
                .isEqualTo("2026-03-01T11:00:00Z");
        assertThat(with(Map.of("STEPTRAIL_URL_LIFETIME", "PT12H", "AWS_CREDENTIAL_EXPIRATION", "2026-03-01T20:00:00Z"))
                        .signer()
                        .expiresAt())
                .isEqualTo("2026-03-01T20:00:00Z");
    }

    @Test
    void longTermCredentials_doNotLimitUrls() {
        assertThat(with(Map.of("AWS_SESSION_TOKEN", "", "AWS_CREDENTIAL_EXPIRATION", "2026-03-01T10:00:01Z"))
                        .signer()
                        .expiresAt())
                .isEqualTo("2026-03-01T10:05:00Z");
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
