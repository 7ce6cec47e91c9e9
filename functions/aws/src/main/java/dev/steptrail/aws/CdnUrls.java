package dev.steptrail.aws;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import software.amazon.awssdk.services.cloudfront.CloudFrontUtilities;
import software.amazon.awssdk.utils.Lazy;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Signs CloudFront URLs of the bucket's objects (<a
 * href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html">Create
 * a signed URL using a canned policy</a>). Unlike presigned S3 URLs, these do not expire with a session's credentials.
 * Thread-safe.
 */
public final class CdnUrls {
    private static final CloudFrontUtilities CLOUD_FRONT = CloudFrontUtilities.create();

    private final String origin;
    private final String keyId;
    private final String keyParameter;
    private final ParameterStore parameters;

    private CdnUrls(String origin, String keyId, String keyParameter, ParameterStore parameters) {
        this.origin = origin;
        this.keyId = keyId;
        this.keyParameter = keyParameter;
        this.parameters = parameters;
    }

    /**
     * Creates a signer for the distribution in the settings; empty if none is configured. The private key is read when
     * the first URL is signed.
     *
     * @param settings {@code STEPTRAIL_CDN_ORIGIN}, such as {@code https://d1.cloudfront.net};
     *     {@code STEPTRAIL_CDN_KEY_ID}, the public key's id; {@code STEPTRAIL_CDN_PRIVATE_KEY_PARAMETER}, the name of
     *     the {@link ParameterStore} parameter with the RSA key in PEM (PKCS #8), with or without its line ends; and
     *     those of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public static Optional<CdnUrls> fromSettings(Settings settings) {
        return fromSettings(settings, InstantSource.system());
    }

    static Optional<CdnUrls> fromSettings(Settings settings, InstantSource clock) {
        Optional<String> origin = origin(settings);
        return origin.map(configured -> new CdnUrls(
                configured,
                settings.required("STEPTRAIL_CDN_KEY_ID"),
                settings.required("STEPTRAIL_CDN_PRIVATE_KEY_PARAMETER"),
                new ParameterStore(settings, clock)));
    }

    /**
     * Returns the scheme and host of all URLs, for a content security policy; empty if no CDN is configured.
     *
     * @throws IllegalArgumentException if {@code STEPTRAIL_CDN_ORIGIN} is invalid
     */
    public static Optional<String> origin(Settings settings) {
        String origin = settings.optional("STEPTRAIL_CDN_ORIGIN", "");
        if (origin.isEmpty()) {
            return Optional.empty();
        }
        if (!origin.matches("https?://[^/?#]+")) {
            throw new IllegalArgumentException(
                    "STEPTRAIL_CDN_ORIGIN: '" + origin + "' is not an origin (expected https://d1.cloudfront.net)");
        }
        return Optional.of(origin);
    }

    private PrivateKey readKey() {
        String pem = parameters.get(keyParameter);
        String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----|\\s", "");
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // Without the cause, whose message may contain the key.
            throw new ParameterException(
                    keyParameter, "must contain an RSA key in PEM (openssl genpkey -algorithm RSA)");
        }
    }

    /**
     * Returns a signer of CDN URLs, which throws {@link ParameterException} if the private key cannot be read. It reads
     * the key for its first URL and keeps it.
     *
     * @param expiry when the URLs expire, in whole seconds
     */
    public UrlSigner signer(Instant expiry) {
        Lazy<PrivateKey> key = new Lazy<>(this::readKey);
        return (objectKey, contentType) -> {
            String url = origin + "/" + SdkHttpUtils.urlEncodeIgnoreSlashes(objectKey);
            String urlWithType =
                    contentType == null ? url : url + "?response-content-type=" + SdkHttpUtils.urlEncode(contentType);
            return sign(urlWithType, key.getValue(), keyId, expiry);
        };
    }

    private static String sign(String url, PrivateKey key, String keyId, Instant expiry) {
        return CLOUD_FRONT
                .getSignedUrlWithCannedPolicy(request -> request.resourceUrl(url)
                        .privateKey(key)
                        .keyPairId(keyId)
                        .expirationDate(expiry))
                .url();
    }
}
