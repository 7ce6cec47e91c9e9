package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * A client for the API with one user's token.
 *
 * @param token null for requests without a token
 */
public record Api(String address, String token) {
    private static final HttpClient HTTP = HttpClient.newHttpClient(); // follows no redirects

    /** An HTTP response. */
    public record Answer(int status, HttpHeaders headers, byte[] body) {
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() throws IOException {
            return ExactJson.read(body);
        }
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return call("GET", path);
    }

    /** Sends a request without a body. */
    public Answer call(String method, String path) throws IOException, InterruptedException {
        return call(method, path, null);
    }

    /** Sends a request without a body. {@code share} is the token of a share link, or null. */
    Answer call(String method, String path, String share) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address + path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (share != null) {
            request.header("X-Steptrail-Share", share);
        }
        return send(request);
    }

    /** Returns the JSON of a response, which must have status 200. */
    public JsonNode json(String path) throws IOException, InterruptedException {
        Answer answer = get(path);
        assertThat(answer.status()).as(path + " " + answer.text()).isEqualTo(200);
        return answer.json();
    }

    /** Opens a presigned URL without a token, as a browser does. */
    public static Answer open(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.headers(), response.body());
    }
}
