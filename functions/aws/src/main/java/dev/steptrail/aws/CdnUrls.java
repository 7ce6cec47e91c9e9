package dev.steptrail.aws;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import software.amazon.awssdk.services.cloudfront.CloudFrontUtilities;
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
    private final PrivateKey key;

    private CdnUrls(String origin, String keyId, PrivateKey key) {
        this.origin = origin;
        this.keyId = keyId;
        this.key = key;
    }

    /**
     * Creates a signer for the distribution in the settings; empty if none is configured.
     *
     * @param settings {@code STEPTRAIL_CDN_ORIGIN}, such as {@code https://d1.cloudfront.net};
     *     {@code STEPTRAIL_CDN_KEY_ID}, the public key's id; {@code STEPTRAIL_CDN_PRIVATE_KEY}, an RSA key in PEM (PKCS
     *     #8), with or without its line ends
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public static Optional<CdnUrls> fromSettings(Settings settings) {
        String origin = settings.optional("STEPTRAIL_CDN_ORIGIN", "");
        if (origin.isEmpty()) {
            return Optional.empty();
        }
        if (!origin.matches("https?://[^/?#]+")) {
            throw new IllegalArgumentException(
                    "STEPTRAIL_CDN_ORIGIN: '" + origin + "' is not an origin (expected https://d1.cloudfront.net)");
        }
        return Optional.of(new CdnUrls(
                origin,
                settings.required("STEPTRAIL_CDN_KEY_ID"),
                key(settings.required("STEPTRAIL_CDN_PRIVATE_KEY"))));
    }

    private static PrivateKey key(String pem) {
        String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----|\\s", "");
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // Without the cause, whose message may contain the key.
            throw new IllegalArgumentException(
                    "STEPTRAIL_CDN_PRIVATE_KEY: must be an RSA key in PEM (openssl genpkey -algorithm RSA)");
        }
    }

    /** Returns the scheme and host of all URLs, for a content security policy. */
    public String origin() {
        return origin;
    }

    /**
     * Returns a signer of CDN URLs.
     *
     * @param expiry when the URLs expire, in whole seconds
     */
    public UrlSigner signer(Instant expiry) {
        return (objectKey, contentType) -> {
            String url = origin + "/" + SdkHttpUtils.urlEncodeIgnoreSlashes(objectKey);
            String urlWithType =
                    contentType == null ? url : url + "?response-content-type=" + SdkHttpUtils.urlEncode(contentType);
            return CLOUD_FRONT
                    .getSignedUrlWithCannedPolicy(request -> request.resourceUrl(urlWithType)
                            .privateKey(key)
                            .keyPairId(keyId)
                            .expirationDate(expiry))
                    .url();
        };
    }
}
