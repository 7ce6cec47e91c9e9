package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontUtilities;
import software.amazon.awssdk.services.cloudfront.model.CannedSignerRequest;

/** Compares URLs with those of CloudFrontUtilities for the encoded path. */
class CdnUrlsTest {
    private static final Instant END = Instant.parse("2026-06-01T10:00:00Z");

    private final TestParameters parameters = TestParameters.start();

    @AfterEach
    void stopParameters() {
        parameters.close();
    }

    private Map<String, String> settings() {
        return new HashMap<>(TestCdn.settings(parameters));
    }

    private UrlSigner signer() {
        return CdnUrls.fromSettings(new Settings(settings())).orElseThrow().signer(END);
    }

    private static String theirs(String url) {
        return CloudFrontUtilities.create()
                .getSignedUrlWithCannedPolicy(CannedSignerRequest.builder()
                        .resourceUrl(url)
                        .privateKey(TestCdn.KEYS.getPrivate())
                        .keyPairId(TestCdn.KEY_ID)
                        .expirationDate(END)
                        .build())
                .url();
    }

    @ParameterizedTest
    @CsvSource({
        "screenshots/AROA/0190/ab.webp, screenshots/AROA/0190/ab.webp",
        "screenshots/AROA:a@b.c/é 相.webp, screenshots/AROA%3Aa%40b.c/%C3%A9%20%E7%9B%B8.webp"
    })
    void sign_forAnyKey_equalsTheSdk(String key, String path) {
        UrlSigner ours = signer();

        assertThat(ours.sign(key)).isEqualTo(theirs("https://d1.cloudfront.net/" + path));
        assertThat(ours.sign(key, "image/webp"))
                .isEqualTo(theirs("https://d1.cloudfront.net/" + path + "?response-content-type=image%2Fwebp"));
    }

    @Test
    void sign_withAKeyWithoutLineEnds_isTheSameKey() {
        UrlSigner signer = signer();
        parameters.put(
                TestCdn.KEY_PARAMETER,
                parameters.values().get(TestCdn.KEY_PARAMETER).replace('\n', ' '));

        assertThat(signer.sign("a")).isEqualTo(theirs("https://d1.cloudfront.net/a"));
    }

    @Test
    void key_isReadWhenTheFirstUrlIsSigned_andCached_andASignerKeepsItsKey() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-06-01T09:00:00Z"));
        CdnUrls urls = CdnUrls.fromSettings(new Settings(settings()), now::get).orElseThrow();
        UrlSigner signer = urls.signer(END);
        assertThat(parameters.reads()).as("reads before the first URL").isZero();
        signer.sign("a");
        urls.signer(END).sign("a");

        now.updateAndGet(time -> time.plus(Duration.ofMinutes(5)));
        signer.sign("b");
        assertThat(parameters.reads()).isEqualTo(1);

        urls.signer(END).sign("c");
        assertThat(parameters.reads()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "AAAA"})
    void sign_withAnInvalidKey_namesTheParameterWithoutTheKey(String pem) {
        UrlSigner signer = signer();
        parameters.put(TestCdn.KEY_PARAMETER, pem);

        assertThatThrownBy(() -> signer.sign("a"))
                .isInstanceOf(ParameterException.class)
                .hasMessage("the parameter '" + TestCdn.KEY_PARAMETER
                        + "' must contain an RSA key in PEM (openssl genpkey -algorithm RSA)")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "STEPTRAIL_CDN_ORIGIN, d1.cloudfront.net, is not an origin",
        "STEPTRAIL_CDN_ORIGIN, https://d1.cloudfront.net/, is not an origin",
        "STEPTRAIL_CDN_KEY_ID, '', is not set",
        "STEPTRAIL_CDN_PRIVATE_KEY_PARAMETER, '', is not set"
    })
    void of_missingOrInvalidSetting_namesIt_unlessThereIsNoOrigin(String setting, String value, String message) {
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_CDN_ORIGIN", "");
        assertThat(CdnUrls.fromSettings(new Settings(settings))).isEmpty();
        settings.put("STEPTRAIL_CDN_ORIGIN", TestCdn.ORIGIN);
        settings.put(setting, value);

        assertThatThrownBy(() -> CdnUrls.fromSettings(new Settings(settings)))
                .hasMessageStartingWith(setting + ": ")
                .hasMessageContaining(message);
    }
}
