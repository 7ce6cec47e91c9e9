package dev.steptrail.bench.database;

import dev.steptrail.bench.TemporaryFolders;
import dev.steptrail.localcloud.servers.Database;
import dev.steptrail.localcloud.servers.ParameterServer;
import dev.steptrail.operations.MigrateHandler;
import dev.steptrail.stepformat.ReservedPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A new Postgres server with the Steptrail schema, in a temporary folder that is deleted on close. */
public final class PostgresServer implements AutoCloseable {
    private static final String PASSWORD = "bench";

    private final Path folder;
    private final Database server;
    private final ParameterServer parameters;
    private final Postgres postgres;

    private PostgresServer(Path folder, Database server, ParameterServer parameters, Postgres postgres) {
        this.folder = folder;
        this.server = server;
        this.parameters = parameters;
        this.postgres = postgres;
    }

    /** Starts a server and registers {@link Postgres#SENDER}. */
    public static PostgresServer start() throws IOException {
        Path folder = Files.createTempDirectory("bench-postgres");
        int port = ReservedPorts.reserve();
        Database server = Database.start(Files.createDirectory(folder.resolve("postgres")), port, PASSWORD);
        ParameterServer parameters =
                ParameterServer.start(Files.createDirectory(folder.resolve("parameters")), 0, PASSWORD);
        Postgres postgres = new Postgres(port, PASSWORD, ParameterServer.url(parameters.port(), PASSWORD));
        new MigrateHandler(postgres.settings()).handleRequest(Map.of(), Invocation.context());
        postgres.register(Postgres.SENDER);
        return new PostgresServer(folder, server, parameters, postgres);
    }

    public Postgres postgres() {
        return postgres;
    }

    @Override
    public void close() throws IOException {
        parameters.close();
        server.close();
        TemporaryFolders.delete(folder);
    }
}
