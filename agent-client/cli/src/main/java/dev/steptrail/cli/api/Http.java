package dev.steptrail.cli.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Makes requests, each of which ends: an answer must come within 40 seconds, and go on within as many wherever it pauses.
 * Redirects, which could carry a token elsewhere, are not followed.
 */
final class Http {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** The API's own answers take at most 30 seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Duration patience;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    Http() {
        this(PATIENCE);
    }

    Http(Duration patience) {
        this.patience = patience;
    }

    /** An answer of any kind; its body is to be closed. */
    record Answer(HttpResponse<InputStream> response, InputStream body) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<InputStream> response =
                    client.send(request.timeout(patience).build(), HttpResponse.BodyHandlers.ofInputStream());
            return new Answer(response, new PromptStream(response.body(), patience));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while an answer was awaited");
        }
    }
}
