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
 * A CloudFormation event that creates, updates or deletes a custom resource. CloudFormation waits for a response at a
 * URL in the event (<a
 * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html">Custom resource
 * reference</a>).
 *
 * @param type {@code Create}, {@code Update} or {@code Delete}
 */
record CustomResourceEvent(String type, URI responseUrl, Map<String, Object> event) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** The response is stored in S3, which may be briefly unavailable. */
    private static final int MAX_ATTEMPTS = 4;

    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** The maximum length of a reason in characters. CloudFormation limits the size of a response. */
    private static final int MAX_REASON_LENGTH = 1000;

    /** The fields of the event that a response must repeat. */
    private static final Set<String> ECHOED_FIELDS = Set.of("StackId", "RequestId", "LogicalResourceId");

    /** Parses an event; empty if it is not from CloudFormation. */
    static Optional<CustomResourceEvent> parse(Map<String, Object> event) {
        return event.get("RequestType") instanceof String type && event.get("ResponseURL") instanceof String url
                ? Optional.of(new CustomResourceEvent(type, URI.create(url), event))
                : Optional.empty();
    }

    boolean isDeletion() {
        return type.equals("Delete");
    }

    boolean isUpdate() {
        return type.equals("Update");
    }

    /** Returns a property of the resource in the template; empty if it is not set. */
    String property(String name) {
        return property("ResourceProperties", name);
    }

    /** Returns a property of the resource before an update; empty if it was not set. */
    String oldProperty(String name) {
        return property("OldResourceProperties", name);
    }

    private String property(String section, String name) {
        return event.get(section) instanceof Map<?, ?> properties && properties.get(name) instanceof String value
                ? value
                : "";
    }

    /**
     * Reports success.
     *
     * @param physicalId if it changes, CloudFormation deletes the resource with the old id
     * @param data the resource's attributes, which {@code Fn::GetAtt} returns
     * @throws UncheckedIOException if the response cannot be stored; CloudFormation then waits until its timeout
     */
    void sendSuccess(String physicalId, Map<String, ?> data) {
        respond(physicalId, "SUCCESS", "", data);
    }

    /** Reports a failure, after which CloudFormation rolls the stack back. */
    void sendFailure(String physicalId, String reason) {
        respond(physicalId, "FAILED", reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH)), Map.of());
    }

    private void respond(String physicalId, String status, String reason, Map<String, ?> data) {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("Status", status);
        response.put("PhysicalResourceId", physicalId);
        response.put("Reason", reason);
        response.put("Data", data);
        ECHOED_FIELDS.forEach(name -> response.put(name, event.getOrDefault(name, "")));
        try {
            putWithRetries(JSON.writeValueAsString(response).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void putWithRetries(byte[] body) {
        String lastError = "";
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            try {
                int status = put(body);
                if (status == HttpURLConnection.HTTP_OK) {
                    return;
                }
                lastError = "S3 returned status " + status;
                if (status < HttpURLConnection.HTTP_INTERNAL_ERROR) {
                    break;
                }
            } catch (IOException e) {
                lastError = e.getClass().getSimpleName(); // the message may contain the URL, which is signed
            }
            pause();
        }
        throw new UncheckedIOException("failed to send the response to CloudFormation", new IOException(lastError));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_DELAY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "CustomResourceEvent of type " + type; // without the URL, which is signed
    }

    private int put(byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) responseUrl.toURL().openConnection();
        connection.setConnectTimeout((int) TIMEOUT.toMillis());
        connection.setReadTimeout((int) TIMEOUT.toMillis());
        connection.setRequestMethod("PUT");
        connection.setDoOutput(true);
        connection.setRequestProperty("content-type", ""); // part of the URL's signature
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        connection.disconnect();
        return status;
    }
}
