package dev.steptrail.bucket;

import dev.steptrail.aws.CredentialsException;
import dev.steptrail.aws.RoleCredentials;
import dev.steptrail.aws.Settings;
import dev.steptrail.aws.Signature;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sends messages to a FIFO queue of SQS, in a bounded time. SQS takes a message that was sent within the last five minutes as done
 * already, so to send again is harmless. Thread-safe.
 */
public final class QueueSender {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

    private final URI endpoint;
    private final String queueUrl;
    private final RoleCredentials credentials;
    private final String region;
    private final Clock clock;

    /**
     * @param queueUrl of a FIFO queue
     * @param settings those that Lambda gives: {@code AWS_REGION} and what {@link RoleCredentials} takes; {@code AWS_ENDPOINT_URL_SQS} for another SQS than that of the queue's URL
     * @throws IllegalArgumentException naming the setting that is missing
     */
    public QueueSender(String queueUrl, Settings settings) {
        this(queueUrl, settings, Clock.systemUTC());
    }

    QueueSender(String queueUrl, Settings settings, Clock clock) {
        this.queueUrl = queueUrl;
        this.endpoint =
                URI.create(settings.optional("AWS_ENDPOINT_URL_SQS", queueUrl)).resolve("/");
        this.clock = clock;
        this.region = settings.required("AWS_REGION");
        this.credentials = new RoleCredentials(settings);
    }

    /**
     * Sends a message.
     *
     * @param group of which one message is worked on at a time; 1 to 128 letters, digits and marks
     * @param body letters, digits and what else needs no escape in JSON
     * @param once by which SQS knows it again; 1 to 128 letters, digits and marks
     * @throws BucketException if SQS cannot be reached in time, or refuses
     */
    public void send(String group, String once, String body) throws BucketException {
        String json =
                "{\"QueueUrl\":\"%s\",\"MessageGroupId\":\"%s\",\"MessageDeduplicationId\":\"%s\",\"MessageBody\":\"%s\"}"
                        .formatted(queueUrl, group, once, body);
        try {
            int status = post(json, headers(json, clock.instant()));
            if (status != HttpURLConnection.HTTP_OK) {
                throw BucketException.ofQueue(String.valueOf(status));
            }
        } catch (IOException | CredentialsException e) {
            throw BucketException.ofQueue(e.getClass().getSimpleName());
        }
    }

    /** Of a request, signed. */
    Map<String, String> headers(String body, Instant now) {
        Signature.Signing signing = new Signature(credentials.now(), region, "sqs").at(now);
        Map<String, String> signed = new TreeMap<>();
        signed.put("content-type", "application/x-amz-json-1.0");
        signed.put("host", S3UrlSigner.host(endpoint));
        signed.put("x-amz-content-sha256", Signature.sha256(body));
        signed.put("x-amz-date", signing.time());
        signed.put("x-amz-target", "AmazonSQS.SendMessage");
        if (signing.sessionToken() != null) {
            signed.put("x-amz-security-token", signing.sessionToken());
        }
        StringBuilder request = new StringBuilder("POST\n/\n\n");
        signed.forEach(
                (name, value) -> request.append(name).append(':').append(value).append('\n'));
        String names = String.join(";", signed.keySet());
        request.append('\n').append(names).append('\n').append(Signature.sha256(body));
        Map<String, String> headers = new LinkedHashMap<>(signed);
        headers.remove("host"); // Java sends it by itself
        headers.put(
                "authorization",
                Signature.ALGORITHM + " Credential=" + signing.credential() + ", SignedHeaders=" + names
                        + ", Signature=" + signing.of(Signature.utf8(request.toString())));
        return headers;
    }

    private int post(String body, Map<String, String> headers) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
        connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        connection.setReadTimeout((int) READ_TIMEOUT.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        headers.forEach(connection::setRequestProperty);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        connection.disconnect();
        return status;
    }
}
