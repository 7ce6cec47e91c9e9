package dev.steptrail.aws;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Presigns URLs of the bucket's objects. Anyone with a URL can read its object until the URL expires. Signing sends no
 * request. Thread-safe.
 *
 * <p>The SDK's signer is called directly, because {@code S3Presigner} takes five times as long per URL and a page has
 * hundreds; see {@code docs/decisions/aws-sdk.md}.
 */
public final class BucketUrls {
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsClients clients;
    private final URI base;

    /**
     * @param settings {@code STEPTRAIL_BUCKET} and those of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public BucketUrls(Settings settings) {
        this.clients = new AwsClients(settings);
        this.base = clients.bucketUrl(settings.required("STEPTRAIL_BUCKET"));
    }

    /**
     * Returns a signer of URLs that are valid from {@code now} on.
     *
     * @param lifetime whole seconds, at most 7 days; a URL expires earlier if the credentials that sign it do
     * @throws CredentialsException if the credentials cannot be loaded
     */
    public UrlSigner signer(Instant now, Duration lifetime) {
        AwsCredentials credentials = clients.resolveCredentials();
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return (objectKey, contentType) -> {
            SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                    .method(SdkHttpMethod.GET)
                    .uri(base)
                    .encodedPath(base.getRawPath() + SdkHttpUtils.urlEncodeIgnoreSlashes(objectKey));
            if (contentType != null) {
                request.putRawQueryParameter("response-content-type", contentType);
            }
            return signer.sign(sign -> sign.identity(credentials)
                            .request(request.build())
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                            .putProperty(
                                    AwsV4HttpSigner.REGION_NAME,
                                    clients.region().id())
                            .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                            .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, lifetime)
                            .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                            .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                            .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                            .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                    .request()
                    .getUri()
                    .toString();
        };
    }

    /** Returns the scheme, host and port of all URLs, for a content security policy. */
    public String origin() {
        return base.getScheme() + "://" + base.getRawAuthority();
    }
}
