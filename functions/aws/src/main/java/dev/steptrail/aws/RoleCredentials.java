package dev.steptrail.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of the function's role. They are those of its environment; a function that was restored from a snapshot has none there,
 * and asks the endpoint that {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} names, again before what it was told ends (<a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-security.html">Security model for Lambda SnapStart</a>, <a
 * href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">Container credential provider</a>).
 * Thread-safe.
 */
public final class RoleCredentials {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** A signature made just before its credentials end is of no use to who gets it. */
    private static final Duration BEFORE_THE_END = Duration.ofMinutes(5);

    private static final JsonFactory JSON = new JsonFactory();

    private final @Nullable Credentials given;
    private final String endpoint;
    private final String authorization;
    private final Clock clock;
    private @Nullable Told told;

    private record Told(Credentials credentials, Instant end) {}

    /**
     * @param settings {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and, of a session, {@code AWS_SESSION_TOKEN}; or {@code
     *     AWS_CONTAINER_CREDENTIALS_FULL_URI} and {@code AWS_CONTAINER_AUTHORIZATION_TOKEN}
     * @throws IllegalArgumentException naming the setting that is missing
     */
    public RoleCredentials(Settings settings) {
        this(settings, Clock.systemUTC());
    }

    RoleCredentials(Settings settings, Clock clock) {
        this.endpoint = settings.optional("AWS_CONTAINER_CREDENTIALS_FULL_URI", "");
        this.authorization = settings.optional("AWS_CONTAINER_AUTHORIZATION_TOKEN", "");
        this.clock = clock;
        boolean asks = !endpoint.isEmpty()
                && settings.optional("AWS_ACCESS_KEY_ID", "").isEmpty();
        this.given = asks ? null : given(settings);
    }

    private static Credentials given(Settings settings) {
        String session = settings.optional("AWS_SESSION_TOKEN", "");
        return new Credentials(
                settings.required("AWS_ACCESS_KEY_ID"),
                settings.required("AWS_SECRET_ACCESS_KEY"),
                session.isEmpty() ? null : session);
    }

    /**
     * Those that are good now.
     *
     * @throws CredentialsException if the endpoint does not tell them within a second or two, and those that it told last are over; the
     *     next call asks again
     */
    public synchronized Credentials now() {
        if (given != null) {
            return given;
        }
        Told last = told;
        if (last == null || clock.instant().isAfter(last.end().minus(BEFORE_THE_END))) {
            last = askAgain(last);
            told = last;
        }
        return last.credentials();
    }

    private Told askAgain(@Nullable Told last) {
        try {
            return ask();
        } catch (CredentialsException e) {
            if (last != null && clock.instant().isBefore(last.end())) {
                return last;
            }
            throw e;
        }
    }

    private Told ask() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(endpoint).toURL().openConnection();
            connection.setConnectTimeout((int) TIMEOUT.toMillis());
            connection.setReadTimeout((int) TIMEOUT.toMillis());
            connection.setRequestProperty("Authorization", authorization);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("answered " + connection.getResponseCode());
            }
            try (InputStream answer = connection.getInputStream()) {
                return told(texts(answer));
            }
        } catch (IOException | DateTimeException e) {
            // Not the cause: it may quote the answer.
            throw new CredentialsException(e.getClass().getSimpleName());
        }
    }

    private static Told told(Map<String, String> answer) throws IOException {
        String id = answer.get("AccessKeyId");
        String secret = answer.get("SecretAccessKey");
        String end = answer.get("Expiration");
        if (id == null || secret == null || end == null) {
            throw new IOException("incomplete");
        }
        return new Told(new Credentials(id, secret, answer.get("Token")), Instant.parse(end));
    }

    private static Map<String, String> texts(InputStream answer) throws IOException {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser parser = JSON.createParser(answer)) {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    texts.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        }
        return texts;
    }
}
