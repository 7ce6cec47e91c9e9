package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.localcloud.servers.Database;
import dev.steptrail.stepformat.ReservedPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A first start of Postgres that was killed before it finished. */
class FirstStartIT {
    private static final String PASSWORD = "a password";

    @Test
    void killedFirstStart_isRepeated_andLaterDataIsKept() throws Exception {
        Path folder = LastingFolder.create();
        int port = ReservedPorts.reserve();
        // The state after kill -9: incomplete binaries and data, the password file, and the marker file.
        Files.createFile(
                Files.createDirectories(folder.resolve("binaries/PG-some/lib")).resolve("libicuuc.so"));
        Files.createFile(Files.createDirectory(folder.resolve("data")).resolve("postgresql.conf"));
        Files.createFile(folder.resolve("password123"));
        Files.createFile(folder.resolve("unfinished"));

        try (Database ignored = Database.start(folder, port, PASSWORD)) {
            execute(port, "CREATE TABLE kept ()");
            assertThat(Files.getPosixFilePermissions(folder.resolve("binaries")))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(folder.resolve("unfinished")).doesNotExist();
        assertThat(folder.resolve("password123")).doesNotExist();
        try (Database ignored = Database.start(folder, port, PASSWORD)) {
            execute(port, "SELECT FROM kept");
        }
    }

    private static void execute(int port, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(Database.url(port), "steptrail", PASSWORD)) {
            connection.createStatement().execute(sql);
        }
    }
}
