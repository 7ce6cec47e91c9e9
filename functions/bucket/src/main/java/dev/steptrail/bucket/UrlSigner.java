package dev.steptrail.bucket;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
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

    /** All octets but the unreserved characters of RFC 3986. */
    private static final BitSet RESERVED = allButUnreservedAnd("");

    private static final BitSet RESERVED_BUT_SLASH = allButUnreservedAnd("/");

    private final String origin;
    private final String folder;
    private final String query;
    private final Map<String, String> queries = new HashMap<>();
    private final String restOfRequest;
    private final Signature.Signing signing;

    /**
     * @param base under which the objects are, ending with a slash, its path encoded
     * @param lifetime whole seconds, at most 7 days
     */
    UrlSigner(Signature signature, URI base, Instant now, Duration lifetime) {
        this.signing = signature.at(now);
        this.folder = base.getRawPath();
        this.origin = base.getScheme() + "://" + base.getRawAuthority();
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("X-Amz-Algorithm", Signature.ALGORITHM);
        parameters.put("X-Amz-Credential", signing.credential());
        parameters.put("X-Amz-Date", signing.time());
        parameters.put("X-Amz-Expires", String.valueOf(lifetime.toSeconds()));
        parameters.put("X-Amz-SignedHeaders", "host");
        if (signature.sessionToken() != null) {
            parameters.put("X-Amz-Security-Token", signature.sessionToken());
        }
        this.query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue(), RESERVED))
                .collect(Collectors.joining("&"));
        this.restOfRequest = String.join("\n", "", "host:" + host(base), "", "host", "UNSIGNED-PAYLOAD");
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
                        contentType, type -> query + "&response-content-type=" + encode(type, RESERVED)));
    }

    private String sign(String key, String query) {
        String path = folder + encode(key, RESERVED_BUT_SLASH);
        String signature = signing.of("GET\n" + path + "\n" + query + restOfRequest);
        return origin + path + "?" + query + "&X-Amz-Signature=" + signature;
    }

    private static BitSet allButUnreservedAnd(String kept) {
        BitSet reserved = new BitSet(256);
        reserved.set(0, 256);
        reserved.clear('A', 'Z' + 1);
        reserved.clear('a', 'z' + 1);
        reserved.clear('0', '9' + 1);
        ("-._~" + kept).chars().forEach(reserved::clear);
        return reserved;
    }

    /** Percent-encodes these octets of its UTF-8. */
    private static String encode(String text, BitSet reserved) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        byte[] encoded = new byte[3 * octets.length];
        int length = 0;
        for (byte octet : octets) {
            if (reserved.get(octet & 0xFF)) {
                encoded[length++] = '%';
                encoded[length++] = (byte) HEX.toHighHexDigit(octet);
                encoded[length++] = (byte) HEX.toLowHexDigit(octet);
            } else {
                encoded[length++] = octet;
            }
        }
        return new String(encoded, 0, length, StandardCharsets.US_ASCII);
    }

    /** As a client sends it: without a port that its scheme implies. */
    static String host(URI url) {
        boolean implied = url.getPort() < 0 || url.getPort() == (url.getScheme().equals("https") ? 443 : 80);
        return implied ? url.getHost() : url.getHost() + ":" + url.getPort();
    }
}
