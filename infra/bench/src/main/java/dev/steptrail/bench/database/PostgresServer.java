package dev.steptrail.bench.database;

import dev.steptrail.aws.Settings;
import dev.steptrail.localcloud.servers.Database;
import dev.steptrail.localcloud.servers.ParameterServer;
import dev.steptrail.operations.MigrateHandler;
import dev.steptrail.stepformat.ReservedPorts;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.model.Agent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.file.PathUtils;

/**
 * A new Postgres server with the Steptrail schema, configured as in the local cloud, in a temporary folder that is
 * deleted on close. Commits are durable.
 */
public final class PostgresServer implements AutoCloseable {
    /** A sender that may send for {@link #OWNER}. */
    static final String SENDER = "AROABENCH:agent";

    static final String OWNER = "bench";

    /** Of the superuser and of the functions' role, which has the name of the database. */
    private static final String PASSWORD = "bench";

    private final Path folder;
    private final Database server;
    private final ParameterServer parameters;
    private final String url;

    private PostgresServer(Path folder, Database server, ParameterServer parameters, String url) {
        this.folder = folder;
        this.server = server;
        this.parameters = parameters;
        this.url = url;
    }

    /** Starts a server and registers {@link #SENDER}. */
    public static PostgresServer start() throws IOException {
        Path folder = Files.createTempDirectory("bench-postgres");
        int port = ReservedPorts.reserve();
        Database server = Database.start(Files.createDirectory(folder.resolve("postgres")), port, PASSWORD);
        // The migration writes the functions' logins there.
        ParameterServer parameters =
                ParameterServer.start(Files.createDirectory(folder.resolve("parameters")), 0, PASSWORD);
        PostgresServer postgres = new PostgresServer(folder, server, parameters, Database.url(port));
        new MigrateHandler(postgres.settings()).handleRequest(Map.of(), new TestContext());
        try (dev.steptrail.store.jdbc.Database store =
                new dev.steptrail.store.jdbc.Database(new Settings(postgres.settings()))) {
            new AgentRepository(store).register(new Agent(SENDER, OWNER, List.of()));
        }
        return postgres;
    }

    /** Returns a function's environment. The bucket and the queue do not exist, so requests to them fail. */
    public Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("STEPTRAIL_DATABASE_URL", url),
                Map.entry("STEPTRAIL_DATABASE_USER", Database.NAME),
                Map.entry("STEPTRAIL_DATABASE_PASSWORD", PASSWORD),
                Map.entry("STEPTRAIL_STACK", "bench"),
                Map.entry("STEPTRAIL_BUCKET", "bench"),
                Map.entry("STEPTRAIL_EXPORTS_QUEUE_URL", "http://127.0.0.1:1/000000000000/exports.fifo"),
                Map.entry("STEPTRAIL_JOBS_QUEUE_URL", "http://127.0.0.1:1/000000000000/jobs.fifo"),
                Map.entry("STEPTRAIL_ISSUER", "http://127.0.0.1:1"),
                Map.entry("STEPTRAIL_CLIENT_ID", "bench"),
                Map.entry("AWS_REGION", "eu-central-1"),
                Map.entry("STEPTRAIL_LOGIN_PARAMETERS", "/steptrail/bench/database/"),
                Map.entry("AWS_ENDPOINT_URL_SSM", ParameterServer.url(parameters.port(), PASSWORD)),
                Map.entry("AWS_ACCESS_KEY_ID", "key"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "secret"),
                Map.entry("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"));
    }

    /** Opens a connection in autocommit mode. Repeated statements are prepared on the server. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, Database.NAME, PASSWORD);
    }

    /** Runs statements as the superuser, in autocommit mode. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns the single value that {@code sql} selects, as text. */
    public String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Deletes all tasks and steps and forces a checkpoint, so that each measurement starts in the same state. */
    void deleteAllTasks() throws SQLException {
        execute("TRUNCATE tasks, task_facets CASCADE");
        execute("CHECKPOINT");
    }

    @Override
    public void close() throws IOException {
        parameters.close();
        server.close();
        PathUtils.deleteDirectory(folder);
    }
}
