package dev.steptrail.shipper.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The routes under {@code /api/admin}. What fails is told in one line that says what to do; it never holds the token, and
 * redirects, which could carry it elsewhere, are not followed.
 */
public final class AdminApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** The API's own answers take at most 30 seconds. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(40);

    /** As many as the API gives at a time. */
    private static final int PAGE = 1000;

    private static final String NEW_TOKEN =
            "get one of an admin (with the local cloud: infra/local-cloud/up --token USER --admin)";

    private final ApiSettings settings;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    private AdminApi(ApiSettings settings) {
        this.settings = settings;
    }

    /**
     * Asks nothing yet.
     *
     * @param environment with {@code STEPTRAIL_API} and {@code STEPTRAIL_TOKEN}
     * @throws IOException naming the variable that is missing or cannot be right
     */
    public static AdminApi from(Map<String, String> environment) throws IOException {
        return new AdminApi(ApiSettings.from(environment));
    }

    /** A name as a part of a path. */
    public static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * A list, from its beginning.
     *
     * @param name what the list is called
     * @param filters query parameters by name
     * @param most where to stop before the end
     */
    public List<JsonNode> list(String path, String name, Map<String, String> filters, int most) throws IOException {
        Map<String, String> query = new TreeMap<>(filters);
        List<JsonNode> items = new ArrayList<>();
        JsonNode cursor;
        do {
            query.put("limit", String.valueOf(Math.min(PAGE, most - items.size())));
            JsonNode page = send("GET", path + "?" + joined(query), null);
            page.path(name).forEach(items::add);
            cursor = page.path("next_cursor");
            query.put("cursor", cursor.asText());
        } while (cursor.isTextual() && items.size() < most);
        return items;
    }

    private static String joined(Map<String, String> query) {
        return query.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    /**
     * What the API answers; an empty object where that is nothing.
     *
     * @throws ApiProblem if it says that it cannot do this
     * @throws IOException if it cannot be asked, or asked by this token
     */
    public JsonNode send(String method, String path, @Nullable JsonNode body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.address() + path))
                .timeout(ANSWER_TIMEOUT)
                .header("Authorization", "Bearer " + settings.token());
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> response = exchange(request.build());
        JsonNode answer = json(response.body());
        if (response.statusCode() / 100 == 2 && answer != null) {
            return answer;
        }
        throw problem(response.statusCode(), answer);
    }

    private HttpResponse<String> exchange(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new IOException("STEPTRAIL_API: " + settings.address() + " does not answer", e);
        } catch (IOException e) {
            throw new IOException(
                    "STEPTRAIL_API: " + settings.address()
                            + " cannot be reached: see whether it runs there, and whether" + " the address is right",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while the API was asked", e);
        }
    }

    private static @Nullable JsonNode json(String body) {
        try {
            JsonNode read = body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
            return read.isObject() ? read : null;
        } catch (JsonProcessingException noJson) {
            return null;
        }
    }

    private IOException problem(int status, @Nullable JsonNode answer) {
        if (status == 401) {
            return new IOException("STEPTRAIL_TOKEN is not accepted: it may have expired; " + NEW_TOKEN);
        }
        String type = answer == null ? "" : answer.path("type").asText();
        if (type.equals("urn:steptrail:problem:not-found")) {
            return new IOException("STEPTRAIL_TOKEN is not an admin's; " + NEW_TOKEN);
        }
        if (answer != null && type.startsWith("urn:steptrail:problem:")) {
            return new ApiProblem(answer.path("detail").asText());
        }
        return new IOException("STEPTRAIL_API: " + settings.address() + " answers " + status
                + (status >= 500 ? ": try again in a moment" : ", as Steptrail's API would not: correct the address"));
    }
}
