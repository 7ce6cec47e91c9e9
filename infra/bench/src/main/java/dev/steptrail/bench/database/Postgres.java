package dev.steptrail.bench.database;

import dev.steptrail.bench.DistinctScreens;
import dev.steptrail.localcloud.database.Database;
import dev.steptrail.operations.MigrateHandler;
import dev.steptrail.store.Agent;
import dev.steptrail.store.RegisterAgent;
import dev.steptrail.store.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * The Postgres of the local cloud, which keeps what it has committed, with our schema: a new one in a temporary folder, which
 * goes with it.
 */
public final class Postgres implements AutoCloseable {
    /** A sender who is registered, for {@link #OWNER}. */
    public static final String SENDER = "AROABENCH:agent";

    public static final String OWNER = "bench";

    private static final String PASSWORD = "bench";

    private final Path folder;
    private final Database server;
    private final String url;

    private Postgres(Path folder, Database server, String url) {
        this.folder = folder;
        this.server = server;
        this.url = url;
    }

    public static Postgres start() throws IOException {
        Path folder = Files.createTempDirectory("bench-postgres");
        int port = freePort();
        Postgres postgres = new Postgres(folder, Database.start(folder, port, PASSWORD), Database.url(port));
        new MigrateHandler(postgres.settings()).handleRequest(Map.of(), new Invocation());
        try (dev.steptrail.store.Database store = new dev.steptrail.store.Database(new Settings(postgres.settings()))) {
            new RegisterAgent(store).register(new Agent(SENDER, OWNER, List.of()));
        }
        return postgres;
    }

    /** As a function's environment has them. The bucket and the queue are nowhere, so that a function that asks one fails. */
    public Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("STEPTRAIL_DATABASE_URL", url),
                Map.entry("STEPTRAIL_DATABASE_USER", Database.NAME),
                Map.entry("STEPTRAIL_DATABASE_PASSWORD", PASSWORD),
                Map.entry("STEPTRAIL_BUCKET", "bench"),
                Map.entry("STEPTRAIL_EXPORTS_QUEUE_URL", "http://127.0.0.1:1/000000000000/exports.fifo"),
                Map.entry("STEPTRAIL_ISSUER", "http://127.0.0.1:1"),
                Map.entry("STEPTRAIL_CLIENT_ID", "bench"),
                Map.entry("AWS_REGION", "eu-central-1"),
                Map.entry("AWS_ACCESS_KEY_ID", "key"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "secret"),
                Map.entry("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"));
    }

    /** A connection of one's own, in transactions, which has the server prepare what it is asked often. */
    public Connection connect() throws SQLException {
        return connect("");
    }

    /** The same with options of the driver, such as {@code ?reWriteBatchedInserts=true}. */
    public Connection connect(String options) throws SQLException {
        Connection connection = DriverManager.getConnection(url + options, Database.NAME, PASSWORD);
        connection.setAutoCommit(false);
        return connection;
    }

    /** Runs one statement as the superuser, in no transaction. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The only number that {@code sql} finds. */
    public long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Forgets all tasks and steps, and writes out what is not written, so that each case begins alike. */
    public void empty() throws SQLException {
        execute("TRUNCATE tasks CASCADE");
        execute("CHECKPOINT");
    }

    @Override
    public void close() throws IOException {
        server.close();
        DistinctScreens.remove(folder);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
