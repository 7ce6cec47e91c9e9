package dev.steptrail.store.jdbc;

import dev.steptrail.aws.CredentialsException;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.DatabaseLogin.Credentials;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/** Opens connections to Postgres, and measures connect latencies and failures. Not thread-safe. */
final class Connector {
    /** The default timeout. A serverless database takes about 15 seconds to resume. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(25);

    private final DatabaseLogin login;
    private final Duration responseTimeout;
    private final boolean usesPreparedStatements;
    private final List<Duration> latencies = new ArrayList<>();
    private int failures;

    /** @param usesPreparedStatements whether to use server-side prepared statements if the URL enables them */
    Connector(Settings settings, Duration responseTimeout, boolean usesPreparedStatements) {
        this.login = new DatabaseLogin(settings);
        this.responseTimeout = responseTimeout;
        this.usesPreparedStatements = usesPreparedStatements;
    }

    /** @param timeout the timeout for connecting, including TLS and login; at least one second */
    Connection connect(Duration timeout) throws SQLException {
        long start = System.nanoTime();
        try {
            Connection opened = open(timeout);
            latencies.add(Duration.ofNanos(System.nanoTime() - start));
            return opened;
        } catch (SQLException e) {
            failures += SqlStates.isConnectionLimit(e) ? 0 : 1; // see countFailure
            Optional<String> hint = SqlStates.isConnectionException(e) ? Ipv6Hint.of(login.url()) : Optional.empty();
            throw new ConnectFailedException(hint.orElse(String.valueOf(e.getMessage())), e);
        }
    }

    /** Counts a connection that failed because none was left, after the last attempt. */
    void countFailure() {
        failures++;
    }

    /** Adds the measurements since the last call to the metrics. */
    void report(Metrics metrics) {
        if (!latencies.isEmpty() || failures > 0) {
            metrics.count(Metric.DATABASE_CONNECT_FAILURES, failures);
            latencies.forEach(latency -> metrics.recordDuration(Metric.DATABASE_CONNECT_LATENCY, latency));
        }
        latencies.clear();
        failures = 0;
    }

    private Connection open(Duration timeout) throws SQLException {
        Credentials credentials = credentials();
        try {
            return open(credentials, timeout);
        } catch (SQLException e) {
            if (!SqlStates.isLoginRejected(e) || !login.refresh()) {
                throw e;
            }
            Credentials current = credentials();
            if (current.equals(credentials)) {
                throw e;
            }
            return open(current, timeout);
        }
    }

    private Connection open(Credentials credentials, Duration timeout) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", credentials.user());
        properties.setProperty("password", credentials.password());
        properties.setProperty("ApplicationName", "steptrail");
        properties.setProperty("prepareThreshold", "0"); // no prepared statements, unless the URL enables them
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty("connectTimeout", String.valueOf(timeout.toSeconds()));
        if (timeout.compareTo(CONNECT_TIMEOUT) < 0) {
            properties.setProperty("loginTimeout", String.valueOf(timeout.toSeconds())); // includes TLS and login
        }
        properties.setProperty("socketTimeout", String.valueOf(responseTimeout.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("gssEncMode", "disable");
        Connection connection = new Driver().connect(login.url(), properties);
        if (connection == null) {
            throw new SQLException("STEPTRAIL_DATABASE_URL is not a PostgreSQL URL", "08001");
        }
        if (!usesPreparedStatements) {
            connection.unwrap(PGConnection.class).setPrepareThreshold(0);
        }
        connection.setAutoCommit(false);
        return connection;
    }

    private Credentials credentials() throws SQLException {
        try {
            return login.credentials();
        } catch (CredentialsException | ParameterException e) {
            throw new SQLException(e.getMessage(), "08001"); // reported like an unreachable database
        }
    }
}
