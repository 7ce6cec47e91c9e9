package dev.steptrail.store.roles;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.DatabaseLogin;
import dev.steptrail.store.jdbc.Ipv6Hint;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.roles.RoleCatalog.TablesOwner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Checks that an existing Postgres can be Steptrail's database, before the stack is deployed. Connects with the driver
 * and the TLS rules of the functions ({@link DatabaseLogin}). Only reads. {@code infra/deploy} runs it from
 * {@code operations.zip}.
 */
public final class DatabaseCheck {
    private static final int MIN_MAJOR_VERSION = 14;

    private static final String CONNECT_TIMEOUT_SECONDS = "25";

    private static final Pattern SSL_MODE = Pattern.compile("(?:^|&)sslmode=([^&]*)");

    private static final String SERVER = """
            SELECT current_setting('server_version') AS version,
                   current_setting('server_version_num')::int / 10000 AS major_version,
                   current_setting('max_connections') AS max_connections,
                   current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                       - coalesce(current_setting('reserved_connections', true), '0')::int AS available_connections,
                   current_database() AS database,
                   current_user AS "user"
            """;

    private record Server(
            String version,
            int majorVersion,
            String maxConnections,
            int availableConnections,
            String database,
            String user) {}

    private DatabaseCheck() {}

    /**
     * Prints the database's properties to standard output. Exits with status 0 if Steptrail can use the database, and
     * otherwise with status 1 after one sentence to standard error.
     *
     * @param arguments the JDBC URL, without user and password, and the user; the password is the first line of
     *     standard input
     * @throws IOException if standard input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("Usage: DatabaseCheck JDBC-URL USER, with the password on standard input");
            System.exit(2);
            return;
        }
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String password = input.readLine();
        try {
            check(arguments[0], arguments[1], password == null ? "" : password).forEach(System.out::println);
        } catch (Unsuitable e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** A reason why Steptrail cannot use the database. The message contains what to do. */
    static final class Unsuitable extends Exception {
        private static final long serialVersionUID = 1L;

        Unsuitable(String message) {
            super(message);
        }
    }

    /**
     * Returns a description of the database, a line a property.
     *
     * @throws Unsuitable if Steptrail cannot use the database
     */
    static List<String> check(String url, String user, String password) throws Unsuitable {
        String completed = completeUrl(url, user, password);
        URI address = URI.create(completed.substring("jdbc:".length()));
        List<String> lines = new ArrayList<>();
        Optional<String> unreachable = Ipv6Hint.of(completed);
        if (unreachable.isPresent()) {
            throw new Unsuitable(sentence(unreachable.get()));
        }
        lines.add("TLS: " + describeTls(address));
        try (Connection connection = connect(completed, user, password)) {
            lines.addAll(describe(connection));
        } catch (SQLException e) {
            throw new Unsuitable(explain(e, user, address));
        }
        return lines;
    }

    private static String completeUrl(String url, String user, String password) throws Unsuitable {
        if (password.isBlank()) {
            throw new Unsuitable("The database's password is empty. Enter the password of '" + user + "'.");
        }
        try {
            return new DatabaseLogin(new Settings(Map.of(
                            "STEPTRAIL_DATABASE_URL",
                            url,
                            "STEPTRAIL_DATABASE_USER",
                            user,
                            "STEPTRAIL_DATABASE_PASSWORD",
                            password)))
                    .url();
        } catch (IllegalArgumentException e) {
            throw new Unsuitable(String.valueOf(e.getMessage()).replace("STEPTRAIL_DATABASE_URL", "The database's URL")
                    + ". Set DatabaseUrl and DatabaseUser.");
        }
    }

    private static String describeTls(URI address) {
        Matcher mode = SSL_MODE.matcher(address.getQuery() == null ? "" : address.getQuery());
        return switch (mode.find() ? mode.group(1) : "") {
            case "verify-full" -> "required, the certificate and the host name are verified";
            case "verify-ca" -> "required, the certificate is verified, the host name is not";
            case "require" -> "required, the certificate is not verified";
            default -> "not required";
        };
    }

    private static Connection connect(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "steptrail check");
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.setProperty("socketTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.setProperty("gssEncMode", "disable");
        Connection connection = DriverManager.getConnection(url, properties);
        connection.setAutoCommit(false);
        return connection;
    }

    private static List<String> describe(Connection connection) throws SQLException, Unsuitable {
        Session session = new Session(connection);
        Optional<String> schema = Preconditions.currentSchema(session);
        session.sql("SET LOCAL search_path = pg_catalog, pg_temp").update(); // so that no other functions run
        Server server = session.sql(SERVER).single(RecordMapper.of(Server.class));
        if (server.majorVersion() < MIN_MAJOR_VERSION) {
            throw new Unsuitable("The server is PostgreSQL " + server.version() + "; Steptrail needs "
                    + MIN_MAJOR_VERSION + " or later. Upgrade it, or use another server.");
        }
        try {
            return describe(session, server, Preconditions.requireSchema(schema, server.user()));
        } catch (IllegalStateException e) {
            throw new Unsuitable(sentence(String.valueOf(e.getMessage())));
        }
    }

    private static String sentence(String message) {
        return Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
    }

    private static List<String> describe(Session session, Server server, String schema) throws SQLException {
        String user = server.user();
        RoleCatalog roles = new RoleCatalog(session, server.database(), schema);
        Optional<String> obstacle = new Preconditions(session, roles, schema, user).check();
        return List.of(
                "Server: PostgreSQL " + server.version() + ", max_connections " + server.maxConnections(),
                "Schema " + schema + ": "
                        + roles.tablesOwner().map(DatabaseCheck::describeOwner).orElse("empty"),
                "Logins: "
                        + obstacle.map(reason -> "all functions use '" + user + "', because " + reason)
                                .orElse("each function gets a separate one, because '" + user + "' has CREATEROLE"),
                // infra/deploy reads this line.
                "Connections: " + server.availableConnections() + " available to users that are not superusers");
    }

    private static String describeOwner(TablesOwner owner) {
        return "contains Steptrail's tables, which belong to "
                + Optional.of(owner.name())
                        .filter(name -> !owner.canLogIn())
                        .flatMap(RoleNames::stackOf)
                        .map(stack -> "the stack '" + stack + "'")
                        .orElse("the user '" + owner.name() + "'");
    }

    private static String explain(SQLException failure, String user, URI url) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        String address = url.getAuthority();
        String message = String.valueOf(failure.getMessage()).replaceFirst("[.]+$", "");
        if (isTlsFailure(failure)) {
            return "No TLS connection to " + address + ": " + message + ". If Java does not trust the server's"
                    + " certificate, add sslrootcert to DatabaseUrl (for RDS: ?sslrootcert=/var/task/rds-ca.pem).";
        }
        return switch (state) {
            case "28P01", "28000" ->
                "The database rejected the user '" + user
                        + "' or the password. Check both; behind a pooler the user may"
                        + " need a suffix, such as postgres.<project>.";
            case "3D000" ->
                "The database '" + url.getPath().substring(1) + "' does not exist. Create it with CREATE"
                        + " DATABASE, or correct DatabaseUrl.";
            case "53300" -> "The database has no free connection. Close others, or raise max_connections.";
            case "08001", "08004", "08006" ->
                "Cannot connect to " + address + ": " + message
                        + ". Check the address, the port and the provider's list of allowed addresses, which must allow"
                        + " Lambda too.";
            default -> "The database failed with SQLSTATE " + state + ": " + message + ".";
        };
    }

    private static boolean isTlsFailure(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof SSLException || message.contains("SSL") || message.contains("root certificate")) {
                return true;
            }
        }
        return false;
    }
}
