package dev.steptrail.aws;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What is alike in all that Signature Version 4 signs (<a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a signed AWS API
 * request</a>).
 *
 * @param service as AWS names it, such as {@code s3}
 */
public record Signature(Credentials credentials, String region, String service) {
    public static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Signs what is asked at this moment. */
    public Signing at(Instant now) {
        String time = TIME.format(now);
        String day = time.substring(0, 8);
        byte[] ofDay = hmac(utf8("AWS4" + credentials.secretAccessKey())).doFinal(utf8(day));
        byte[] ofRegion = hmac(ofDay).doFinal(utf8(region));
        byte[] ofService = hmac(ofRegion).doFinal(utf8(service));
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        return new Signing(
                time,
                scope,
                credentials.accessKeyId() + "/" + scope,
                credentials.sessionToken(),
                hmac(hmac(ofService).doFinal(utf8("aws4_request"))),
                sha256());
    }

    /**
     * What signs at one moment. Its key is of the day, and takes longer to make than a signature. Not thread-safe.
     *
     * @param time as requests tell it
     * @param credential that a request names
     * @param sessionToken that a request tells besides; null where there is none
     */
    public record Signing(
            String time,
            String scope,
            String credential,
            @Nullable String sessionToken,
            Mac key,
            MessageDigest sha256) {
        /** By what name and with what value a request that is signed in its query, by its host alone, tells so; encoded, in order. */
        public SortedMap<String, String> parameters(Duration lifetime) {
            SortedMap<String, String> parameters = new TreeMap<>();
            parameters.put("X-Amz-Algorithm", ALGORITHM);
            parameters.put("X-Amz-Credential", credential);
            parameters.put("X-Amz-Date", time);
            parameters.put("X-Amz-Expires", String.valueOf(lifetime.toSeconds()));
            parameters.put("X-Amz-SignedHeaders", "host");
            if (sessionToken != null) {
                parameters.put("X-Amz-Security-Token", sessionToken);
            }
            parameters.replaceAll((name, value) -> PercentEncoding.OF_PARAMETERS.encode(value));
            return parameters;
        }

        /** The signature of a canonical request, which comes in parts, in UTF-8. */
        public String of(byte[]... request) {
            for (byte[] part : request) {
                sha256.update(part);
            }
            key.update(utf8(ALGORITHM + "\n" + time + "\n" + scope + "\n"));
            return HexFormat.of().formatHex(key.doFinal(utf8(HexFormat.of().formatHex(sha256.digest()))));
        }

        @Override
        public String toString() {
            return "Signing of " + scope; // and no secrets
        }
    }

    private static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Of its UTF-8, in hex. */
    public static String sha256(String text) {
        return HexFormat.of().formatHex(sha256().digest(utf8(text)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Signature of " + service; // and no secrets
    }
}
