package dev.steptrail.shipper.aws;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Calls one service: each request is signed (Signature Version 4, the body included), and tried three times if the network or
 * the service fails, for which it must be one that may come twice. If the service refuses the time of this machine's clock, its
 * own is used from then on; if it refuses the credentials, they are looked for anew. Thread-safe.
 */
public final class AwsClient {
    private static final int ATTEMPTS = 3;
    private static final long LONGEST_PAUSE_MILLIS = 200;

    private final AwsService service;
    private final URI endpoint;
    private final String region;
    private final RequestCredentials credentials;
    private final HttpCalls calls;
    private final Consumer<Instant> theirTime;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private volatile Duration clockOff = Duration.ZERO;

    /**
     * A client of {@code service}; the credentials and the calls stay the caller's to close.
     *
     * @param theirTime is told what time it is in each answer
     */
    public AwsClient(
            AwsService service,
            URI endpoint,
            String region,
            RequestCredentials credentials,
            HttpCalls calls,
            Consumer<Instant> theirTime) {
        this.service = service;
        this.endpoint = endpoint;
        this.region = region;
        this.credentials = credentials;
        this.calls = calls;
        this.theirTime = theirTime;
    }

    /**
     * Asks for something.
     *
     * @param path behind the endpoint, not yet percent-encoded
     * @throws AwsRefusal if the service refuses it
     * @throws NoCredentialsException if there are no credentials, or they cannot be renewed
     * @throws IOException if there is no answer
     */
    public AwsAnswer send(SdkHttpMethod method, String path, Map<String, String> headers, byte[] body)
            throws IOException, AwsRefusal {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(method)
                .uri(endpoint)
                .encodedPath(endpoint.getRawPath().replaceAll("/$", "") + SdkHttpUtils.urlEncodeIgnoreSlashes(path));
        if (method != SdkHttpMethod.GET) {
            // What is signed must be sent, and the HTTP client sends no length where there is no body.
            request.putHeader("Content-Length", String.valueOf(body.length));
        }
        headers.forEach(request::putHeader);
        for (int attempt = 1; ; attempt++) {
            try {
                return sendOnce(request.build(), body);
            } catch (AwsRefusal e) {
                if (attempt == ATTEMPTS || !(e.isPassing() || e.isOfClock())) {
                    throw e;
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS || e instanceof NoCredentialsException || e instanceof CallEndedException) {
                    throw e;
                }
            }
            pause(attempt);
        }
    }

    private AwsAnswer sendOnce(SdkHttpRequest request, byte[] body) throws IOException, AwsRefusal {
        AwsAnswer answer = calls.call(signed(request, body), body.length);
        Optional<Instant> now = answer.header("Date").flatMap(AwsClient::time);
        now.ifPresent(theirTime);
        if (answer.isSuccessful()) {
            return answer;
        }
        AwsRefusal refusal = AnswerText.refusal(
                answer.status(), answer.header("x-amz-query-error").orElse(""), answer.body());
        if (refusal.isOfClock() && now.isPresent()) {
            clockOff = Duration.between(Instant.now(), now.get());
        }
        if (refusal.isOfCredentials()) {
            credentials.forget();
        }
        throw refusal;
    }

    private SignedRequest signed(SdkHttpRequest request, byte[] body) throws NoCredentialsException {
        AwsCredentials identity = credentials.get();
        return signer.sign(signing -> signing.identity(identity)
                .request(request)
                .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service.id())
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.offset(Clock.systemUTC(), clockOff))
                // S3 takes a key as it stands, other services what is left of a path with its dots resolved.
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, service != AwsService.S3)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, service != AwsService.S3));
    }

    private static Optional<Instant> time(String date) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private static void pause(int attempt) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(
                    ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE_MILLIS, 50L << attempt)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted between two tries", e);
        }
    }
}
