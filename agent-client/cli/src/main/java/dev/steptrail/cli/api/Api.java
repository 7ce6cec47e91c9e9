package dev.steptrail.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Steptrail's API. What fails is told in one line that says what to do; it never holds the token, which goes to the API alone,
 * nor a presigned URL.
 */
public final class Api {
    /** Numbers stay as they are written. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** In bytes: twice what a function can answer. What is cut here is no JSON. */
    private static final int LONGEST_JSON = 12 * 1024 * 1024;

    /** Longer than a function may take to make a file, and until the next try tells of one that was ended. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(18);

    private final Http http = new Http();
    private final ApiSettings settings;
    private final ApiErrors errors;
    private final StoredFiles stored;
    private final Duration longestWait;

    private Api(ApiSettings settings, Duration longestWait) {
        this.settings = settings;
        this.longestWait = longestWait;
        this.errors = new ApiErrors(settings.address());
        this.stored = new StoredFiles(http, URI.create(settings.address()));
    }

    /**
     * Asks nothing yet.
     *
     * @param environment with {@code STEPTRAIL_API} and {@code STEPTRAIL_TOKEN}
     * @throws IOException naming the variable that is missing or cannot be right
     */
    public static Api from(Map<String, String> environment) throws IOException {
        return from(environment, LONGEST_WAIT);
    }

    static Api from(Map<String, String> environment, Duration longestWait) throws IOException {
        return new Api(ApiSettings.from(environment), longestWait);
    }

    /** A name as a part of a path. */
    public static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Where it is, without a slash at its end. */
    public String address() {
        return settings.address();
    }

    /**
     * What the API answers; an empty object where that is nothing.
     *
     * @throws ApiProblem if it says that it cannot do this
     * @throws IOException if it cannot be asked, or asked by this token
     */
    public JsonNode send(String method, String path, @Nullable JsonNode body) throws IOException {
        Http.Answer answer = ask(method, path, body);
        JsonNode json = json(answer);
        if (answer.status() / 100 == 2 && json != null) {
            return json;
        }
        throw errors.refused(path, answer.status(), json);
    }

    /**
     * A file that the API gives, or leads to, once it is made: that may take minutes.
     *
     * @param waiting told once, if there is a wait
     */
    public InputStream file(String path, Runnable waiting) throws IOException {
        ExportPoller poller = new ExportPoller(longestWait, waiting);
        String asked = path;
        while (true) {
            Http.Answer answer = ask("GET", asked, null);
            switch (answer.status()) {
                case 200 -> {
                    return answer.body();
                }
                case 302, 303, 307 -> {
                    answer.body().close();
                    return stored.open(answer.header("Location"));
                }
                case 202 -> {
                    asked = ExportPoller.again(path, json(answer));
                    poller.await(answer.header("Retry-After"));
                }
                default -> throw errors.refused(path, answer.status(), json(answer));
            }
        }
    }

    /** What lies behind a presigned URL. */
    public InputStream stored(String url) throws IOException {
        return stored.open(url);
    }

    private Http.Answer ask(String method, String path, @Nullable JsonNode body) throws IOException {
        try {
            return http.send(
                    method,
                    URI.create(settings.address() + path),
                    settings.token(),
                    body == null ? null : body.toString());
        } catch (IOException e) {
            throw errors.unreachable(e);
        }
    }

    /** An object; null where the answer is none. */
    private @Nullable JsonNode json(Http.Answer answer) throws IOException {
        try (InputStream body = answer.body()) {
            byte[] text = body.readNBytes(LONGEST_JSON);
            JsonNode read = text.length == 0 ? JSON.createObjectNode() : JSON.readTree(text);
            return read.isObject() ? read : null;
        } catch (JsonProcessingException noJson) {
            return null;
        } catch (IOException e) {
            throw errors.unreachable(e);
        }
    }
}
