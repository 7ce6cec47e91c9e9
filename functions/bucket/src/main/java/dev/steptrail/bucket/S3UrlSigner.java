package dev.steptrail.bucket;

import dev.steptrail.aws.PercentEncoding;
import dev.steptrail.aws.Signature;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Signs GET requests for S3 in their query, by Signature Version 4
 * (<a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">Authenticating Requests: Using Query
 * Parameters</a>), all of one moment: what is alike in them is made once. The AWS SDK signs the same to the letter, as the tests
 * show, but takes most of a second to load. Not thread-safe.
 */
final class S3UrlSigner implements UrlSigner {
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
    S3UrlSigner(Signature signature, URI base, Instant now, Duration lifetime) {
        this.signing = signature.at(now);
        this.folder = base.getRawPath();
        this.origin = base.getScheme() + "://" + base.getRawAuthority();
        this.restOfRequest = String.join("\n", "", "host:" + host(base), "", "host", "UNSIGNED-PAYLOAD");
        this.parameters = signing.parameters(lifetime).entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining("&"));
        this.query = query(parameters);
    }

    private Query query(String parameters) {
        return new Query("?" + parameters + "&X-Amz-Signature=", Signature.utf8("\n" + parameters + restOfRequest));
    }

    @Override
    public String sign(String key) {
        return sign(key, query);
    }

    @Override
    public String signAs(String contentType, String key) {
        // The query's names are in order, and this one comes after all of Amazon's.
        return sign(
                key,
                queries.computeIfAbsent(
                        contentType,
                        type -> query(
                                parameters + "&response-content-type=" + PercentEncoding.OF_PARAMETERS.encode(type))));
    }

    private String sign(String key, Query query) {
        String path = folder + PercentEncoding.OF_PATHS.encode(key);
        String signature = signing.of(Signature.utf8("GET\n" + path), query.restOfRequest());
        return origin + path + query.beforeSignature() + signature;
    }

    /** As a client sends it: without a port that its scheme implies. */
    static String host(URI url) {
        boolean implied = url.getPort() < 0 || url.getPort() == (url.getScheme().equals("https") ? 443 : 80);
        return implied ? url.getHost() : url.getHost() + ":" + url.getPort();
    }
}
