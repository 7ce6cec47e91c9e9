package dev.steptrail.store.jdbc;

import dev.steptrail.aws.PercentEncoding;
import dev.steptrail.aws.RoleCredentials;
import dev.steptrail.aws.Settings;
import dev.steptrail.aws.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Where the database is, and as whom to enter it: by a password, or by the function's role (<a
 * href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html">IAM database authentication</a>), whose
 * tokens are made here, without asking anybody. Thread-safe.
 */
public final class DatabaseLogin {
    /** Of a token; a connection that it opened lasts longer. */
    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private final String url;
    private final String user;
    private final @Nullable String password;
    private final @Nullable Role role;

    private record Role(RoleCredentials credentials, String region, Clock clock) {}

    /**
     * @param settings {@code STEPTRAIL_DATABASE_URL} ({@code jdbc:postgresql://…}), {@code STEPTRAIL_DATABASE_USER} and {@code
     *     STEPTRAIL_DATABASE_PASSWORD}; or, instead of the password, {@code STEPTRAIL_DATABASE_AUTH=iam}, {@code AWS_REGION} and what
     *     {@link RoleCredentials} takes
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public DatabaseLogin(Settings settings) {
        this(settings, Clock.systemUTC());
    }

    DatabaseLogin(Settings settings, Clock clock) {
        this.url = DatabaseUrl.of(settings);
        this.user = settings.required("STEPTRAIL_DATABASE_USER");
        String way = settings.optional("STEPTRAIL_DATABASE_AUTH", "password");
        switch (way) {
            case "password" -> {
                this.password = settings.required("STEPTRAIL_DATABASE_PASSWORD");
                this.role = null;
            }
            case "iam" -> {
                this.password = null;
                this.role = new Role(new RoleCredentials(settings), settings.required("AWS_REGION"), clock);
                hostAndPort();
            }
            default ->
                throw new IllegalArgumentException("STEPTRAIL_DATABASE_AUTH: must be password or iam, not " + way);
        }
    }

    /** JDBC's, without user and password. */
    public String url() {
        return url;
    }

    public String user() {
        return user;
    }

    /**
     * The password; of a role a token, which opens connections for 15 minutes.
     *
     * @throws dev.steptrail.aws.CredentialsException if the role's credentials are not to be had now
     */
    public String password() {
        return password != null ? password : token();
    }

    private String token() {
        if (role == null) {
            throw new IllegalStateException("neither a password nor a role");
        }
        Signature.Signing signing = new Signature(role.credentials().now(), role.region(), "rds-db")
                .at(role.clock().instant());
        SortedMap<String, String> parameters = signing.parameters(LIFETIME);
        parameters.put("Action", "connect");
        parameters.put("DBUser", PercentEncoding.OF_PARAMETERS.encode(user));
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining("&"));
        String place = hostAndPort();
        String request = "GET\n/\n" + query + "\nhost:" + place + "\n\nhost\n" + Signature.sha256("");
        return place + "/?" + query + "&X-Amz-Signature=" + signing.of(Signature.utf8(request));
    }

    /** As the token names it. */
    private String hostAndPort() {
        Properties named = Driver.parseURL(url, null);
        String host = named == null ? null : named.getProperty("PGHOST");
        String port = named == null ? null : named.getProperty("PGPORT", "5432");
        if (host == null || host.contains(",")) {
            throw new IllegalArgumentException(
                    "STEPTRAIL_DATABASE_URL: must name one host where STEPTRAIL_DATABASE_AUTH is iam");
        }
        return host + ":" + port;
    }
}
