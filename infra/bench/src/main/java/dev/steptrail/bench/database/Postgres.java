package dev.steptrail.bench.database;

import dev.steptrail.aws.Settings;
import dev.steptrail.localcloud.servers.Database;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.model.Agent;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Connects to a Postgres server that is configured as in the local cloud. Commits are durable. */
public final class Postgres {
    /** A sender that may send for {@link #OWNER} once it is {@link #register registered}. */
    public static final String SENDER = "AROABENCH:agent";

    public static final String OWNER = "bench";

    /** The functions' role has the name of the database. */
    private static final String USER = Database.NAME;

    private final String url;
    private final String password;
    private final String parameterUrl;

    /** @param password of the superuser and of the functions' role */
    public Postgres(int port, String password) {
        this(port, password, "http://127.0.0.1:1");
    }

    /** @param parameterUrl endpoint of Parameter Store, to which the migration writes the functions' logins */
    Postgres(int port, String password, String parameterUrl) {
        this.parameterUrl = parameterUrl;
        this.url = Database.url(port);
        this.password = password;
    }

    /** Registers this sender for {@link #OWNER}. The schema must exist. */
    public void register(String sender) {
        try (dev.steptrail.store.jdbc.Database store =
                new dev.steptrail.store.jdbc.Database(new Settings(settings()))) {
            new AgentRepository(store).register(new Agent(sender, OWNER, List.of()));
        }
    }

    /** Returns a function's environment. The bucket and the queue do not exist, so requests to them fail. */
    public Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("STEPTRAIL_DATABASE_URL", url),
                Map.entry("STEPTRAIL_DATABASE_USER", USER),
                Map.entry("STEPTRAIL_DATABASE_PASSWORD", password),
                Map.entry("STEPTRAIL_STACK", "bench"),
                Map.entry("STEPTRAIL_BUCKET", "bench"),
                Map.entry("STEPTRAIL_EXPORTS_QUEUE_URL", "http://127.0.0.1:1/000000000000/exports.fifo"),
                Map.entry("STEPTRAIL_JOBS_QUEUE_URL", "http://127.0.0.1:1/000000000000/jobs.fifo"),
                Map.entry("STEPTRAIL_ISSUER", "http://127.0.0.1:1"),
                Map.entry("STEPTRAIL_CLIENT_ID", "bench"),
                Map.entry("AWS_REGION", "eu-central-1"),
                Map.entry("STEPTRAIL_LOGIN_PARAMETERS", "/steptrail/bench/database/"),
                Map.entry("AWS_ENDPOINT_URL_SSM", parameterUrl),
                Map.entry("AWS_ACCESS_KEY_ID", "key"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "secret"),
                Map.entry("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"));
    }

    /** Opens a connection without autocommit. Repeated statements are prepared on the server. */
    public Connection connect() throws SQLException {
        return connect("");
    }

    /** Opens a connection with driver options, such as {@code &reWriteBatchedInserts=true}. */
    public Connection connect(String options) throws SQLException {
        Connection connection = DriverManager.getConnection(url + options, USER, password);
        connection.setAutoCommit(false);
        return connection;
    }

    /** Runs one statement as the superuser, in autocommit mode. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns the single number that {@code sql} selects. */
    public long queryNumber(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Deletes all tasks and steps and forces a checkpoint, so that each measurement starts in the same state. */
    public void deleteAllTasks() throws SQLException {
        execute("TRUNCATE tasks, task_facets CASCADE");
        execute("CHECKPOINT");
    }
}
