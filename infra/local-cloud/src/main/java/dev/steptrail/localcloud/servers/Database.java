package dev.steptrail.localcloud.servers;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.io.file.PathUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Postgres 17 on 127.0.0.1 with the database {@value #NAME}, with its data in a folder. Committed data survives a
 * kill of this process. Postgres stops when this process ends. If Postgres stops unexpectedly, it is not restarted.
 */
public final class Database implements AutoCloseable {
    /** Name of the database, and of the role that owns it and may create the functions' logins. */
    public static final String NAME = "steptrail";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /**
     * The programs of Postgres, unpacked in a folder. The library unpacks programs once for all equal resolvers. With
     * its default resolver, a second server would use the folder of the first, which may be deleted.
     */
    private record FolderBinaries(Path folder) implements PgBinaryResolver {
        @Override
        public InputStream getPgBinary(String system, String machineHardware) throws IOException {
            return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machineHardware);
        }
    }

    private final EmbeddedPostgres postgres;
    private final PostgresMonitor monitor;
    private final CompletableFuture<Void> exitLogger;

    private Database(EmbeddedPostgres postgres, PostgresMonitor monitor, CompletableFuture<Void> exitLogger) {
        this.postgres = postgres;
        this.monitor = monitor;
        this.exitLogger = exitLogger;
    }

    /**
     * Stops a Postgres that still runs on the folder because its local cloud was killed.
     *
     * @throws IOException if it does not stop
     */
    public static void stopOrphan(Path folder) throws IOException {
        PostgresMonitor.stopOrphan(folder.resolve("data"));
    }

    /**
     * Starts Postgres. The first start takes several seconds, because it creates the cluster.
     *
     * @param port must be free
     * @param password of the superuser and of the role {@value #NAME}; the same at each start
     * @throws IOException if it does not start
     */
    public static Database start(Path folder, int port, String password) throws IOException {
        Path data = folder.resolve("data");
        Path unfinished = folder.resolve("unfinished"); // exists during the first start
        if (Files.exists(unfinished)) {
            PathUtils.cleanDirectory(folder); // the first start was killed, so the cluster contains no user data
        }
        if (Files.notExists(data)) {
            Files.createFile(unfinished);
        }
        Path binaries = Files.createDirectories(folder.resolve("binaries"));
        Path passwordFile = Files.createTempFile(folder, "password", "");
        try {
            Files.writeString(passwordFile, password, StandardCharsets.UTF_8);
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setPgBinaryResolver(new FolderBinaries(binaries))
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port)
                    .setConnectConfig("password", password)
                    // Options of initdb, for password authentication and the same collation on every system.
                    .setLocaleConfig("auth", "scram-sha-256")
                    .setLocaleConfig("pwfile", passwordFile.toString())
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("locale-provider", "builtin")
                    .setLocaleConfig("builtin-locale", "C.UTF-8")
                    // With the library's defaults, a crash loses commits.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    // Log no errors, because message, DETAIL, CONTEXT and STATEMENT can each contain row data.
                    .setServerConfig("log_min_messages", "log")
                    .setServerConfig("log_min_error_statement", "panic")
                    .setServerConfig("log_error_verbosity", "terse")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
            // The library makes the folder writable for all users.
            Files.setPosixFilePermissions(binaries, PosixFilePermissions.fromString("rwx------"));
            Database database = new Database(postgres, PostgresMonitor.start(data), logExit(data));
            database.createDatabaseIfMissing(password);
            Files.deleteIfExists(unfinished);
            return database;
        } catch (SQLException e) {
            throw new IOException("Postgres cannot create the database " + NAME + ": " + e.getMessage(), e);
        } finally {
            Files.delete(passwordFile);
        }
    }

    /** Logs an error if Postgres stops unexpectedly. The functions log only error codes, which do not show this. */
    private static CompletableFuture<Void> logExit(Path data) throws IOException {
        ProcessHandle server = PostgresMonitor.findRunning(data)
                .orElseThrow(() -> new IOException("Postgres exited immediately after its start"));
        return server.onExit()
                .thenRun(() -> LOG.error("Postgres has stopped. Restart the local cloud; queued messages are kept"));
    }

    private void createDatabaseIfMissing(String password) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (isMissing(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + NAME + "'")) {
                statement.execute(
                        "CREATE ROLE " + NAME + " LOGIN CREATEROLE PASSWORD " + statement.enquoteLiteral(password));
            }
            if (isMissing(statement, "SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
                statement.execute("CREATE DATABASE " + NAME + " OWNER " + NAME);
            }
        }
    }

    private static boolean isMissing(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return !rows.next();
        }
    }

    /** Returns the JDBC URL of the database on this port, without user and password. */
    public static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME + "?prepareThreshold=5";
    }

    @Override
    public void close() throws IOException {
        exitLogger.cancel(false);
        postgres.close();
        monitor.close();
    }
}
