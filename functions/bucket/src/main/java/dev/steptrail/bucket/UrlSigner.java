package dev.steptrail.bucket;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
    private final String origin;
    private final String folder;
    private final String query;
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
                .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue(), ""))
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
        return sign(key, query + "&response-content-type=" + encode(contentType, ""));
    }

    private String sign(String key, String query) {
        String path = folder + encode(key, "/");
        String signature = signing.of("GET\n" + path + "\n" + query + restOfRequest);
        return origin + path + "?" + query + "&X-Amz-Signature=" + signature;
    }

    /** Percent-encodes all but the unreserved characters of RFC 3986, and these. */
    private static String encode(String text, String kept) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if ((c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || "-._~".indexOf(c) >= 0
                    || kept.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    /** As a client sends it: without a port that its scheme implies. */
    static String host(URI url) {
        boolean implied = url.getPort() < 0 || url.getPort() == (url.getScheme().equals("https") ? 443 : 80);
        return implied ? url.getHost() : url.getHost() + ":" + url.getPort();
    }
}
