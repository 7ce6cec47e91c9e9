package dev.steptrail.localcloud.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the API as a program of its user would. */
final class ApiReader {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** A screenshot as it came from its presigned URL. */
    record Picture(String contentType, int bytes) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();
    private final String address;
    private final String token;

    ApiReader(@Nullable String address, @Nullable String token) {
        if (address == null || token == null) {
            throw new IllegalArgumentException("the API's address and a token are needed");
        }
        this.address = address;
        this.token = token;
    }

    /** Waits until the task is there and has ended. */
    void awaitEnd(UUID taskId, Duration timeout) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(timeout);
        while (true) {
            HttpResponse<byte[]> response = get("/api/tasks/" + taskId);
            if (response.statusCode() == 200
                    && !"running"
                            .equals(mapper.readTree(response.body())
                                    .path("status")
                                    .asText())) {
                return;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new IOException("demo: task " + taskId + " did not arrive within " + timeout.toSeconds() + " s");
            }
            Thread.sleep(LOOK_AGAIN.toMillis());
        }
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return mapper.readTree(expect(200, path, get(path)).body());
    }

    /** Follows the redirect to the presigned URL, to which the token must not go. */
    Picture picture(String path) throws IOException, InterruptedException {
        String url =
                expect(302, path, get(path)).headers().firstValue("location").orElse("");
        HttpResponse<byte[]> response =
                http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
        expect(200, "the presigned URL of " + path, response);
        return new Picture(response.headers().firstValue("content-type").orElse(""), response.body().length);
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .header("authorization", "Bearer " + token)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> expect(int status, String what, HttpResponse<byte[]> response)
            throws IOException {
        if (response.statusCode() != status) {
            throw new IOException("demo: " + what + " answered " + response.statusCode() + ", not " + status);
        }
        return response;
    }
}
