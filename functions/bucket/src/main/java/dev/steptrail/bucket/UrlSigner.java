package dev.steptrail.bucket;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Signs GET requests for S3 in their query, by Signature Version 4
 * (<a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">Authenticating Requests: Using Query
 * Parameters</a>), all of one moment: what is alike in them is made once. The AWS SDK signs the same to the letter, as the tests
 * show, but takes most of a second to load. Not thread-safe.
 */
public final class UrlSigner {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** The unreserved characters of RFC 3986. */
    private static final boolean[] UNRESERVED = unreservedAnd("");

    private static final boolean[] UNRESERVED_AND_SLASH = unreservedAnd("/");

    private final String origin;
    private final String folder;
    private final String parameters;
    private final Query query;
    private final Map<String, Query> queries = new HashMap<>();
    private final String restOfRequest;
    private final Signature.Signing signing;

    /**
     * What URLs have in common behind their path.
     *
     * @param beforeSignature as it stands in them
     * @param restOfRequest the canonical request from the end of its path
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Query(String beforeSignature, byte[] restOfRequest) {}

    /**
     * @param base under which the objects are, ending with a slash, its path encoded
     * @param lifetime whole seconds, at most 7 days
     */
    UrlSigner(Signature signature, URI base, Instant now, Duration lifetime) {
        this.signing = signature.at(now);
        this.folder = base.getRawPath();
        this.origin = base.getScheme() + "://" + base.getRawAuthority();
        Map<String, String> amazons = new TreeMap<>();
        amazons.put("X-Amz-Algorithm", Signature.ALGORITHM);
        amazons.put("X-Amz-Credential", signing.credential());
        amazons.put("X-Amz-Date", signing.time());
        amazons.put("X-Amz-Expires", String.valueOf(lifetime.toSeconds()));
        amazons.put("X-Amz-SignedHeaders", "host");
        if (signature.sessionToken() != null) {
            amazons.put("X-Amz-Security-Token", signature.sessionToken());
        }
        this.restOfRequest = String.join("\n", "", "host:" + host(base), "", "host", "UNSIGNED-PAYLOAD");
        this.parameters = amazons.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue(), UNRESERVED))
                .collect(Collectors.joining("&"));
        this.query = query(parameters);
    }

    private Query query(String parameters) {
        return new Query("?" + parameters + "&X-Amz-Signature=", Signature.utf8("\n" + parameters + restOfRequest));
    }

    /** The URL of an object with its signature, whether or not it is there. */
    public String sign(String key) {
        return sign(key, query);
    }

    /** The URL of an object that is served as of this content type, whatever who stored it said of it. */
    public String signAs(String contentType, String key) {
        // The query's names are in order, and this one comes after all of Amazon's.
        return sign(
                key,
                queries.computeIfAbsent(
                        contentType, type -> query(parameters + "&response-content-type=" + encode(type, UNRESERVED))));
    }

    private String sign(String key, Query query) {
        String path = folder + encode(key, UNRESERVED_AND_SLASH);
        String signature = signing.of(Signature.utf8("GET\n" + path), query.restOfRequest());
        return origin + path + query.beforeSignature() + signature;
    }

    private static boolean[] unreservedAnd(String kept) {
        boolean[] unreserved = new boolean[256];
        Arrays.fill(unreserved, 'A', 'Z' + 1, true);
        Arrays.fill(unreserved, 'a', 'z' + 1, true);
        Arrays.fill(unreserved, '0', '9' + 1, true);
        ("-._~" + kept).chars().forEach(c -> unreserved[c] = true);
        return unreserved;
    }

    /** Percent-encodes all other octets of its UTF-8; most texts have none. */
    private static String encode(String text, boolean[] kept) {
        if (isKept(text, kept)) {
            return text;
        }
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        byte[] encoded = new byte[3 * octets.length];
        int length = 0;
        for (byte octet : octets) {
            if (kept[octet & 0xFF]) {
                encoded[length++] = octet;
            } else {
                encoded[length++] = '%';
                encoded[length++] = (byte) HEX.toHighHexDigit(octet);
                encoded[length++] = (byte) HEX.toLowHexDigit(octet);
            }
        }
        return new String(encoded, 0, length, StandardCharsets.US_ASCII);
    }

    private static boolean isKept(String text, boolean[] kept) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= kept.length || !kept[c]) {
                return false;
            }
        }
        return true;
    }

    /** As a client sends it: without a port that its scheme implies. */
    static String host(URI url) {
        boolean implied = url.getPort() < 0 || url.getPort() == (url.getScheme().equals("https") ? 443 : 80);
        return implied ? url.getHost() : url.getHost() + ":" + url.getPort();
    }
}
