package dev.steptrail.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client of the Steptrail API. Exception messages are one line, and never contain the token or a presigned URL. The
 * token is sent only to the API.
 *
 * @see TokenSource
 */
public final class Api {
    private static final String VARIABLE = "STEPTRAIL_API";

    /** Keeps numbers exactly as written. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Twice the maximum response of a Lambda function. Longer responses are truncated, and thus invalid JSON. */
    private static final int MAX_JSON_BYTES = 12 * 1024 * 1024;

    /**
     * The maximum wait for a file or a job. Even if the export's worker is killed, the export fails within this time:
     * its second attempt starts after the queue's visibility timeout (16 min), and times out with the function (15
     * min).
     */
    static final Duration MAX_EXPORT_WAIT = Duration.ofMinutes(33);

    private static final Duration FIRST_JOB_POLL = Duration.ofMillis(250);
    private static final Duration MAX_JOB_POLL = Duration.ofSeconds(5);

    private final HttpTransport http = new HttpTransport();
    private final String address;
    private final @Nullable TokenSource tokens;
    private final ApiErrors errors;
    private final Duration maxWait;

    private Api(String address, @Nullable TokenSource tokens, Duration maxWait) {
        this.address = address;
        this.tokens = tokens;
        this.maxWait = maxWait;
        this.errors = new ApiErrors(address, tokens);
    }

    /**
     * Creates a client, without sending a request.
     *
     * @param address a value of {@link #address(Map)}
     * @param tokens the source of the token that each request sends
     */
    public static Api of(String address, TokenSource tokens) {
        return of(address, tokens, MAX_EXPORT_WAIT);
    }

    static Api of(String address, TokenSource tokens, Duration maxWait) {
        return new Api(address, tokens, maxWait);
    }

    /** Creates a client for routes that need no token. */
    public static Api anonymous(String address) {
        return new Api(address, null, MAX_EXPORT_WAIT);
    }

    /**
     * Returns the API's URL without a trailing slash.
     *
     * @param environment with {@code STEPTRAIL_API}
     * @throws IOException if it is missing, malformed, or neither https nor this machine
     */
    public static String address(Map<String, String> environment) throws IOException {
        String address = environment.getOrDefault(VARIABLE, "").strip();
        if (address.isEmpty()) {
            throw new IOException(
                    VARIABLE
                            + " is not set (on AWS: the stack's output ApiUrl; with the local cloud: set -a; . .steptrail/local.env)");
        }
        if (!isValidUrl(address)) {
            throw new IOException(VARIABLE + " is not a valid URL (expected https://host)");
        }
        if (!isSafeForSecrets(URI.create(address))) {
            throw new IOException(VARIABLE + " must begin with https://, but is '" + address
                    + "': http would send the token unencrypted, and is allowed only for localhost");
        }
        return address.replaceAll("/+$", "");
    }

    /** Returns whether a token or code may be sent to this URL: it uses TLS, or it is on this machine. */
    public static boolean isSafeForSecrets(URI url) {
        return HttpTransport.isSupported(url) && HttpTransport.isSafeForToken(url);
    }

    private static boolean isValidUrl(String text) {
        try {
            URI uri = new URI(text);
            return HttpTransport.isSupported(uri)
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Percent-encodes a name for a path or a query. */
    public static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Returns the API's URL without a trailing slash. */
    public String address() {
        return address;
    }

    /**
     * Sends a request and returns the response body, or an empty object if there is no content.
     *
     * @throws ApiProblem if the API rejects the request with a reason
     * @throws IOException if the API cannot be reached or does not accept the token
     */
    public JsonNode send(String method, String path, @Nullable JsonNode body) throws IOException {
        HttpTransport.Response response = request(method, path, body);
        JsonNode json = parse(response);
        if (response.status() / 100 == 2 && json != null) {
            return json;
        }
        throw errors.rejected(path, response.status(), json);
    }

    /**
     * Waits until a job has ended, and returns it. Polls with a back-off of 0.25 s to 5 s.
     *
     * @param job a job that the API has accepted
     * @throws IOException if the job has not ended within 33 minutes
     */
    public JsonNode awaitJob(JsonNode job) throws IOException {
        return awaitJob(job, polled -> {});
    }

    /**
     * Same as {@link #awaitJob(JsonNode)}.
     *
     * @param onPoll takes the job before each wait
     */
    public JsonNode awaitJob(JsonNode job, Consumer<JsonNode> onPoll) throws IOException {
        long deadline = System.nanoTime() + maxWait.toNanos();
        String jobId = job.path("job_id").asText();
        Duration pause = FIRST_JOB_POLL;
        JsonNode latest = job;
        while (Set.of("queued", "running").contains(latest.path("state").asText())) {
            if (deadline - System.nanoTime() < pause.toNanos()) {
                throw new IOException("job " + jobId + " has not ended yet; it continues. Run steptrail jobs show "
                        + jobId + " for its result");
            }
            onPoll.accept(latest);
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(MAX_JOB_POLL) < 0 ? pause.multipliedBy(2) : MAX_JOB_POLL;
            latest = send("GET", "/api/jobs/" + encode(jobId), null);
        }
        return latest;
    }

    /**
     * Opens a file that the API returns or redirects to. Waits until the API has created it, which may take minutes.
     *
     * @param onWait runs once, before the first wait
     */
    public InputStream openFile(String path, Runnable onWait) throws IOException {
        long deadline = System.nanoTime() + maxWait.toNanos();
        String requested = path;
        for (int attempt = 1; ; attempt++) {
            HttpTransport.Response response = request("GET", requested, null);
            switch (response.status()) {
                case 200 -> {
                    return response.body();
                }
                case 302, 303, 307 -> {
                    response.body().close();
                    return openUrl(response.header("Location"));
                }
                case 202 -> {
                    requested = withState(path, parse(response));
                    if (attempt == 1) {
                        onWait.run();
                    }
                    pause(attempt, response.header("Retry-After"), deadline);
                }
                default -> throw errors.rejected(path, response.status(), parse(response));
            }
        }
    }

    /**
     * Opens a file by its presigned URL, without the token. No message contains the URL, because it is a credential.
     *
     * @param url absolute, or relative to the API
     */
    public InputStream openUrl(String url) throws IOException {
        URI file = resolve(url);
        HttpTransport.Response response;
        try {
            response = http.send("GET", file, null, null);
        } catch (SocketTimeoutException e) {
            throw new IOException("the file store did not respond in time; try again", e);
        } catch (IOException e) {
            throw new IOException("the file store to which the API redirects cannot be reached from this machine", e);
        }
        if (response.status() == 200) {
            return response.body();
        }
        response.body().close();
        throw new IOException(
                response.status() == 404
                        ? "the file is no longer stored"
                        : "the file store responded with status " + response.status() + "; try again");
    }

    private URI resolve(String url) throws IOException {
        try {
            URI api = URI.create(address);
            URI file = api.resolve(url);
            boolean isAsSecureAsApi = HttpTransport.isSecure(file) || !HttpTransport.isSecure(api);
            if (!url.isEmpty() && HttpTransport.isSupported(file) && isAsSecureAsApi) {
                return file;
            }
        } catch (IllegalArgumentException e) {
            // Not rethrown, because its message contains the URL.
        }
        throw new IOException("the API redirects to an invalid file URL; check STEPTRAIL_API");
    }

    /**
     * Adds the {@code state} of a response to the path. The state identifies the data as of the first request, so that
     * a repeated request returns the same data.
     */
    private static String withState(String path, @Nullable JsonNode response) {
        String state = response == null ? "" : response.path("state").asText();
        return state.isEmpty() ? path : path + (path.contains("?") ? "&" : "?") + "state=" + encode(state);
    }

    /**
     * Waits for the longer of two times: {@code Retry-After} (default 2 s, at most 30 s), and 1 s for each attempt (at
     * most 5 s).
     */
    private static void pause(int attempt, String retryAfter, long deadline) throws IOException {
        int retrySeconds = retryAfter.matches("[0-9]{1,6}") ? Integer.parseInt(retryAfter) : 2;
        long seconds = Math.max(Math.min(attempt, 5), Math.min(retrySeconds, 30));
        if (deadline - System.nanoTime() < TimeUnit.SECONDS.toNanos(seconds)) {
            throw new IOException("the API has not created the file yet; try again later");
        }
        sleep(Duration.ofSeconds(seconds));
    }

    private static void sleep(Duration time) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the API");
        }
    }

    private HttpTransport.Response request(String method, String path, @Nullable JsonNode body) throws IOException {
        String token = tokens == null ? null : tokens.token();
        try {
            return http.send(method, URI.create(address + path), token, body == null ? null : body.toString());
        } catch (IOException e) {
            throw errors.unreachable(e);
        }
    }

    /** Parses a response; returns null if it is not a JSON object. */
    private @Nullable JsonNode parse(HttpTransport.Response response) throws IOException {
        try (InputStream body = response.body()) {
            byte[] text = body.readNBytes(MAX_JSON_BYTES);
            JsonNode read = text.length == 0 ? JSON.createObjectNode() : JSON.readTree(text);
            return read.isObject() ? read : null;
        } catch (JsonProcessingException invalidJson) {
            return null;
        } catch (IOException e) {
            throw errors.unreachable(e);
        }
    }
}
