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

    private final ApiSettings settings;
    private final ApiErrors errors;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    private AdminApi(ApiSettings settings) {
        this.settings = settings;
        this.errors = new ApiErrors(settings.address());
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
        throw errors.refused(response.statusCode(), answer);
    }

    private HttpResponse<String> exchange(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw errors.unreachable(e);
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
}
