package dev.steptrail.bucket;

import dev.steptrail.aws.PercentEncoding;
import dev.steptrail.aws.Settings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * URLs of the bucket's objects at the CDN before it (CloudFront), signed by a key of ours whose public half the CDN knows (<a
 * href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html">Create a
 * signed URL using a canned policy</a>). They end when they say so, and not with anybody's session. Thread-safe.
 */
public final class CdnUrls {
    private final String origin;
    private final String keyId;
    private final PrivateKey key;

    private CdnUrls(String origin, String keyId, PrivateKey key) {
        this.origin = origin;
        this.keyId = keyId;
        this.key = key;
    }

    /**
     * Those of the CDN that the settings name; empty where they name none.
     *
     * @param settings {@code STEPTRAIL_CDN_ORIGIN}, such as {@code https://d1.cloudfront.net}; {@code STEPTRAIL_CDN_KEY_ID}, the public key's
     *     id; {@code STEPTRAIL_CDN_PRIVATE_KEY}, an RSA key in PEM (PKCS #8), with or without its line ends
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public static Optional<CdnUrls> of(Settings settings) {
        String origin = settings.optional("STEPTRAIL_CDN_ORIGIN", "");
        if (origin.isEmpty()) {
            return Optional.empty();
        }
        if (!origin.matches("https?://[^/?#]+")) {
            throw new IllegalArgumentException(
                    "STEPTRAIL_CDN_ORIGIN: must be an origin, like https://d1.cloudfront.net");
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
            // Not the cause, which may quote the key.
            throw new IllegalArgumentException(
                    "STEPTRAIL_CDN_PRIVATE_KEY: must be an RSA key in PEM, as openssl genpkey -algorithm RSA writes it");
        }
    }

    /** Where all of them are, as a browser's policy names it. */
    public String origin() {
        return origin;
    }

    /** What signs URLs that are good until then, to the second. */
    public UrlSigner until(Instant end) {
        return new Signer(end.getEpochSecond());
    }

    private final class Signer implements UrlSigner {
        private final long end;
        private final Signature rsa;

        Signer(long end) {
            this.end = end;
            try {
                this.rsa = Signature.getInstance("SHA1withRSA"); // which CloudFront asks for
                rsa.initSign(key);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has SHA1withRSA", e);
            }
        }

        @Override
        public String sign(String objectKey) {
            return signed(url(objectKey), "?");
        }

        @Override
        public String signAs(String contentType, String objectKey) {
            return signed(
                    url(objectKey) + "?response-content-type=" + PercentEncoding.OF_PARAMETERS.encode(contentType),
                    "&");
        }

        private String url(String objectKey) {
            return origin + "/" + PercentEncoding.OF_PATHS.encode(objectKey);
        }

        private String signed(String url, String divider) {
            String policy = "{\"Statement\":[{\"Resource\":\"" + url
                    + "\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":" + end + "}}}]}";
            return url + divider + "Expires=" + end + "&Signature=" + signature(policy) + "&Key-Pair-Id=" + keyId;
        }

        private String signature(String policy) {
            try {
                rsa.update(policy.getBytes(StandardCharsets.UTF_8));
                return Base64.getEncoder()
                        .encodeToString(rsa.sign())
                        .replace('+', '-')
                        .replace('=', '_')
                        .replace('/', '~');
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a key that was taken signs", e);
            }
        }
    }
}
