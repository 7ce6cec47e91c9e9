package dev.steptrail.store.jdbc;

import dev.steptrail.aws.AwsClients;
import dev.steptrail.aws.Settings;
import java.util.Arrays;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * The database's address, user and password. The password is a fixed one, or a token of the function's role (<a
 * href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html">IAM database
 * authentication</a>). Thread-safe.
 */
public final class DatabaseLogin {
    private final String url;
    private final String user;
    private final Supplier<String> password;

    /**
     * @param settings {@code STEPTRAIL_DATABASE_URL} ({@code jdbc:postgresql://…}), {@code STEPTRAIL_DATABASE_USER}
     *     and {@code STEPTRAIL_DATABASE_PASSWORD}; or, instead of the password, {@code STEPTRAIL_DATABASE_AUTH=iam} and
     *     the settings of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public DatabaseLogin(Settings settings) {
        this.url = url(settings);
        this.user = settings.required("STEPTRAIL_DATABASE_USER");
        String method = settings.optional("STEPTRAIL_DATABASE_AUTH", "password");
        this.password = switch (method) {
            case "password" -> {
                String fixed = settings.required("STEPTRAIL_DATABASE_PASSWORD");
                yield () -> fixed;
            }
            case "iam" -> tokens(settings);
            default ->
                throw new IllegalArgumentException("STEPTRAIL_DATABASE_AUTH: must be password or iam, not " + method);
        };
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

    private static boolean isLocal(String hosts) {
        return Arrays.stream(hosts.split(",", -1))
                .allMatch(host -> host.equals("localhost")
                        || host.equals("::1")
                        || host.equals("[::1]")
                        || host.matches("127(\\.[0-9]{1,3}){3}"));
    }

    private Supplier<String> tokens(Settings settings) {
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

    public String user() {
        return user;
    }

    /**
     * Returns the password. With IAM authentication it is a new token, which is valid for 15 minutes.
     *
     * @throws dev.steptrail.aws.CredentialsException if the role's credentials cannot be loaded
     */
    public String password() {
        return password.get();
    }
}
