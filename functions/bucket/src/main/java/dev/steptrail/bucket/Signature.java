package dev.steptrail.bucket;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What is alike in all that Signature Version 4 signs (<a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a signed AWS API
 * request</a>).
 *
 * @param sessionToken null for credentials that last
 * @param service as AWS names it, such as {@code s3}
 */
record Signature(
        String accessKeyId,
        String secretAccessKey,
        @Nullable String sessionToken,
        String region,
        String service) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** As requests tell it. */
    static String time(Instant now) {
        return TIME.format(now);
    }

    /** The credential that a request names. */
    String credential(String time) {
        return accessKeyId + "/" + scope(time);
    }

    private String scope(String time) {
        return time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    }

    /** The signature of a canonical request. */
    String of(String request, String time) {
        String toSign = String.join("\n", ALGORITHM, time, scope(time), sha256(request));
        return HexFormat.of().formatHex(hmac(key(time.substring(0, 8)), toSign));
    }

    private byte[] key(String day) {
        byte[] ofDay = hmac(("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8), day);
        return hmac(hmac(hmac(ofDay, region), service), "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** Of its UTF-8, in hex. */
    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Signature of " + service; // and no secrets
    }
}
