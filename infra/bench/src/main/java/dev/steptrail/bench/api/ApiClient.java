package dev.steptrail.bench.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Callable;

/** Asks the API by HTTP, and keeps its connections for the next request. */
final class ApiClient {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;

    ApiClient(URI address) {
        this.address = address;
    }

    /** A request that is ready to be sent, and whose answer is the body of a 200: anything else fails. */
    Callable<byte[]> get(String path, String token) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                .header("Authorization", "Bearer " + token)
                .build();
        return () -> {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException(path + " was answered by " + response.statusCode());
            }
            return response.body();
        };
    }
}
