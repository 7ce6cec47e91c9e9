package dev.steptrail.store.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.aws.AwsClients;
import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.ParameterStore;
import dev.steptrail.aws.Settings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postgresql.Driver;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * The database's address, user and password. {@code STEPTRAIL_DATABASE_AUTH} selects where the password comes from:
 *
 * <ul>
 *   <li>{@code iam}: a token of the function's role (<a
 *       href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html">IAM database
 *       authentication</a>), for {@code STEPTRAIL_DATABASE_USER}
 *   <li>{@code parameter}: a {@link ParameterStore} parameter. {@code STEPTRAIL_DATABASE_LOGIN_PARAMETER} is the name
 *       of a parameter with user and password as JSON; or {@code STEPTRAIL_DATABASE_PASSWORD_PARAMETER} is the name of
 *       a parameter with the password of {@code STEPTRAIL_DATABASE_USER}. It is read when a connection is opened.
 *   <li>{@code password} (default): {@code STEPTRAIL_DATABASE_PASSWORD}, for tests and tools
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class DatabaseLogin {
    private static final JsonMapper JSON = new JsonMapper();

    /** Parameters of a URL that the driver prefers to the user and password of a connection. */
    private static final Set<String> CREDENTIALS = Set.of("user", "password", "sslpassword");

    private final String url;
    private final Method method;

    /** A user and a password, or a token that is used as a password. */
    public record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "credentials of " + user; // without the password
        }
    }

    private interface Method {
        Credentials credentials();

        /** Discards cached credentials. Returns whether the next credentials may differ. */
        default boolean refresh() {
            return false;
        }
    }

    /**
     * @param settings {@code STEPTRAIL_DATABASE_URL} ({@code jdbc:postgresql://…}), those of the authentication method,
     *     and, unless it is {@code password}, those of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public DatabaseLogin(Settings settings) {
        this.url = url(settings);
        String name = settings.optional("STEPTRAIL_DATABASE_AUTH", "password");
        this.method = switch (name) {
            case "password" -> {
                Credentials fixed = new Credentials(
                        settings.required("STEPTRAIL_DATABASE_USER"), settings.required("STEPTRAIL_DATABASE_PASSWORD"));
                yield () -> fixed;
            }
            case "iam" -> {
                String user = settings.required("STEPTRAIL_DATABASE_USER");
                Supplier<String> tokens = tokens(settings, user);
                yield () -> new Credentials(user, tokens.get());
            }
            case "parameter" -> parameter(settings);
            default ->
                throw new IllegalArgumentException(
                        "STEPTRAIL_DATABASE_AUTH: must be iam, parameter or password, not " + name);
        };
    }

    private static Method parameter(Settings settings) {
        ParameterStore parameters = new ParameterStore(settings);
        String password = settings.optional("STEPTRAIL_DATABASE_PASSWORD_PARAMETER", "");
        if (!password.isEmpty()) {
            String user = settings.required("STEPTRAIL_DATABASE_USER");
            return new ParameterMethod(parameters, password, value -> new Credentials(user, value));
        }
        String login = settings.required("STEPTRAIL_DATABASE_LOGIN_PARAMETER");
        return new ParameterMethod(parameters, login, value -> parse(login, value));
    }

    private record ParameterMethod(ParameterStore parameters, String name, Function<String, Credentials> parser)
            implements Method {
        @Override
        public Credentials credentials() {
            return parser.apply(parameters.get(name));
        }

        @Override
        public boolean refresh() {
            parameters.invalidate(name);
            return true;
        }
    }

    /** Returns the value of a login parameter, which {@link #parse} reads. */
    public static String format(Credentials credentials) {
        return JSON.createObjectNode()
                .put("user", credentials.user())
                .put("password", credentials.password())
                .toString();
    }

    /**
     * Parses the value of a login parameter.
     *
     * @throws ParameterException if it is not JSON with {@code user} and {@code password}; the message does not contain
     *     the value
     */
    public static Credentials parse(String parameter, String value) {
        try {
            JsonNode json = JSON.readTree(value);
            String user = json.path("user").asText();
            String password = json.path("password").asText();
            if (!user.isEmpty() && !password.isEmpty()) {
                return new Credentials(user, password);
            }
        } catch (JsonProcessingException e) {
            // Handled below, without the exception, whose message quotes the value.
        }
        throw new ParameterException(
                parameter, "must be JSON with \"user\" and \"password\"; delete it and run the schema migration again");
    }

    /**
     * Adds {@code sslmode=verify-full} and Java's trusted certificates to a URL without an {@code sslmode}, unless the
     * server is on this machine. By default, pgjdbc accepts any certificate and unencrypted connections. An
     * {@code sslrootcert} or {@code sslfactory} in the URL is kept.
     */
    private static String url(Settings settings) {
        String url = settings.required("STEPTRAIL_DATABASE_URL");
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("STEPTRAIL_DATABASE_URL: must start with jdbc:postgresql:");
        }
        if (containsCredentials(url)) {
            throw new IllegalArgumentException("STEPTRAIL_DATABASE_URL: must not contain a user or a password (user=,"
                    + " password=, sslpassword= or @), which would override the function's own login; remove them");
        }
        Properties parsed = Driver.parseURL(url, null);
        if (parsed == null) {
            throw new IllegalArgumentException(
                    "STEPTRAIL_DATABASE_URL: must be like jdbc:postgresql://host:5432/database");
        }
        if (parsed.containsKey("sslmode") || isLocal(parsed.getProperty("PGHOST", "localhost"))) {
            return url;
        }
        boolean hasTrustSettings = parsed.containsKey("sslrootcert") || parsed.containsKey("sslfactory");
        return url + (url.contains("?") ? "&" : "?") + "sslmode=verify-full"
                + (hasTrustSettings ? "" : "&sslfactory=" + DefaultJavaSSLFactory.class.getName());
    }

    private static boolean containsCredentials(String url) {
        int query = url.indexOf('?');
        if (url.contains("@")) {
            return true;
        }
        return query >= 0
                && Arrays.stream(url.substring(query + 1).split("&", -1))
                        .map(parameter -> decode(parameter.split("=", 2)[0]).toLowerCase(Locale.ROOT))
                        .anyMatch(CREDENTIALS::contains);
    }

    private static String decode(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8).strip();
        } catch (IllegalArgumentException e) {
            return name; // no valid percent encoding, so the driver does not decode it either
        }
    }

    private static boolean isLocal(String hosts) {
        return Arrays.stream(hosts.split(",", -1))
                .allMatch(host -> host.equals("localhost")
                        || host.equals("::1")
                        || host.equals("[::1]")
                        || host.matches("127(\\.[0-9]{1,3}){3}"));
    }

    private Supplier<String> tokens(Settings settings, String user) {
        Properties parsed = Driver.parseURL(url, null);
        String host = parsed == null ? null : parsed.getProperty("PGHOST");
        if (parsed == null || host == null || host.contains(",")) {
            throw new IllegalArgumentException(
                    "STEPTRAIL_DATABASE_URL: must contain exactly one host if STEPTRAIL_DATABASE_AUTH is iam");
        }
        int port = Integer.parseInt(parsed.getProperty("PGPORT", "5432"));
        return new AwsClients(settings).databaseTokens(host, port, user);
    }

    /** Returns the JDBC URL, without user and password. */
    public String url() {
        return url;
    }

    /**
     * Returns the credentials of the next connection. An IAM token is valid for 15 minutes.
     *
     * @throws dev.steptrail.aws.CredentialsException if the role's credentials cannot be loaded
     * @throws ParameterException if the parameter cannot be read
     */
    public Credentials credentials() {
        return method.credentials();
    }

    /**
     * Makes the next {@link #credentials} read the parameter again, after the server has rejected them. Returns false
     * if they are not read from a parameter.
     */
    boolean refresh() {
        return method.refresh();
    }

    @Override
    public String toString() {
        return url;
    }
}
