package dev.steptrail.localcloud.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/**
 * Verifies signatures of requests by signing each request again with the AWS SDK.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Signature
 *     Version 4</a>
 */
final class RequestSignature {
    /** Requests with an earlier or later time are rejected, as AWS does. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);

    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=[^/, ]+/[0-9]{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request, "
                    + "SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsBasicCredentials credentials;
    private final URI server;

    /** @param server the URL to which clients send their requests; its path is that of all requests */
    RequestSignature(URI server, String accessKey, String secretKey) {
        this.server = server;
        this.credentials = AwsBasicCredentials.create(accessKey, secretKey);
    }

    /** Returns whether the request was signed with the credentials, within the last five minutes. */
    boolean isValid(HttpExchange exchange, byte[] body) {
        Headers headers = exchange.getRequestHeaders();
        String authorization = String.valueOf(headers.getFirst("Authorization"));
        Matcher parts = AUTHORIZATION.matcher(authorization);
        Instant time;
        try {
            time = TIME.parse(String.valueOf(headers.getFirst("X-Amz-Date")), Instant::from);
        } catch (DateTimeException e) {
            return false;
        }
        if (!parts.matches()
                || Duration.between(time, Instant.now()).abs().compareTo(MAX_CLOCK_SKEW) > 0
                || !exchange.getRequestMethod().equals("POST")) {
            return false;
        }
        SdkHttpRequest.Builder request =
                SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(server);
        for (String name : parts.group(3).split(";", -1)) {
            request.putHeader(name, headers.getOrDefault(name, List.of()));
        }
        String expected = signer.sign(sign -> sign.identity(credentials)
                        .request(request.build())
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, parts.group(1))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, parts.group(2))
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
                .request()
                .firstMatchingHeader("Authorization")
                .orElseThrow();
        return MessageDigest.isEqual(authorization.getBytes(UTF_8), expected.getBytes(UTF_8));
    }
}
