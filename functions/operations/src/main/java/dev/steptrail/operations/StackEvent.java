package dev.steptrail.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * CloudFormation's word that a custom resource is to be made, changed or deleted, which waits for an answer at a URL that it names (<a
 * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html">Custom resource reference</a>).
 *
 * @param type {@code Create}, {@code Update} or {@code Delete}
 */
record StackEvent(String type, URI responseUrl, Map<String, Object> event) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** S3, which takes the answer, may be out of reach for a moment; the stack waits for minutes. */
    private static final int ATTEMPTS = 4;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** What CloudFormation reads of a reason, and a reader too. */
    private static final int MOST_OF_A_REASON = 1000;

    /** What an answer must repeat. */
    private static final Set<String> NAMES = Set.of("StackId", "RequestId", "LogicalResourceId");

    /** Empty for an event that is none of CloudFormation's. */
    static Optional<StackEvent> of(Map<String, Object> event) {
        return event.get("RequestType") instanceof String type && event.get("ResponseURL") instanceof String url
                ? Optional.of(new StackEvent(type, URI.create(url), event))
                : Optional.empty();
    }

    boolean isDeletion() {
        return type.equals("Delete");
    }

    /**
     * Tells that it is done.
     *
     * @param resource its name; another one than before has CloudFormation delete the former resource
     * @throws UncheckedIOException if the answer cannot be stored: the stack then waits until it gives up
     */
    void succeeded(String resource) {
        answer(resource, "SUCCESS", "");
    }

    /** Tells that it failed: the stack takes back what it has changed. */
    void failed(String resource, String reason) {
        answer(resource, "FAILED", reason.substring(0, Math.min(reason.length(), MOST_OF_A_REASON)));
    }

    private void answer(String resource, String status, String reason) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("Status", status);
        answer.put("PhysicalResourceId", resource);
        answer.put("Reason", reason);
        NAMES.forEach(name -> answer.put(name, event.getOrDefault(name, "")));
        try {
            put(JSON.writeValueAsString(answer).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(byte[] body) {
        String last = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                int status = status(body);
                if (status == HttpURLConnection.HTTP_OK) {
                    return;
                }
                last = "S3 answered " + status;
                if (status < HttpURLConnection.HTTP_INTERNAL_ERROR) {
                    break;
                }
            } catch (IOException e) {
                last = e.getClass().getSimpleName(); // its message may tell the URL, which is signed
            }
            pause();
        }
        throw new UncheckedIOException("the stack cannot be told", new IOException(last));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "StackEvent of type " + type; // and not the URL, which is signed
    }

    private int status(byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) responseUrl.toURL().openConnection();
        connection.setConnectTimeout((int) TIMEOUT.toMillis());
        connection.setReadTimeout((int) TIMEOUT.toMillis());
        connection.setRequestMethod("PUT");
        connection.setDoOutput(true);
        connection.setRequestProperty("content-type", ""); // as the URL was signed
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        connection.disconnect();
        return status;
    }
}
