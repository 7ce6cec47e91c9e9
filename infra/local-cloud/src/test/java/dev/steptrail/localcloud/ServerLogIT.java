package dev.steptrail.localcloud;

import static dev.steptrail.stepformat.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.localcloud.servers.Database;
import dev.steptrail.stepformat.ReservedPorts;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** The log of the local cloud's Postgres contains no row data, regardless of how a statement fails. */
@Tag("slow")
class ServerLogIT {
    private static final String SECRET = "swordfish-42";
    private static final String PASSWORD = "password";

    private final int port = ReservedPorts.reserve();

    @Test
    void failedStatements_doNotLogTheRow() throws Exception {
        Path folder = LastingFolder.create();
        KillablePostgres postgres = new KillablePostgres(folder);
        try (Database database = Database.start(folder, port, PASSWORD)) {
            postgres.kill();
            postgres.start(); // with a log file that the test can read
            until("it serves", this::serves);
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE steps (number integer CHECK (number > 0), thinking text PRIMARY KEY)");
                statement.execute("INSERT INTO steps VALUES (1, '" + SECRET + "')");

                assertRejected("23505", () -> statement.execute("INSERT INTO steps VALUES (2, '" + SECRET + "')"));
                assertRejected(
                        "23514", () -> statement.execute("INSERT INTO steps VALUES (0, 'another " + SECRET + "')"));
                assertRejected("22P02", () -> castToANumber(connection));
                assertRejected("22P02", () -> ((PGConnection) connection)
                        .getCopyAPI()
                        .copyIn("COPY steps FROM STDIN", new StringReader(SECRET + "\t" + SECRET + "\n")));
                assertRejected("P0001", () -> statement.execute("DO $$ BEGIN RAISE '" + SECRET + "'; END $$"));
                statement.execute("DO $$ BEGIN RAISE WARNING '" + SECRET + "'; END $$");
                // If a process crashes, Postgres logs its statement.
                assertRejected(
                        "08006", () -> statement.execute("COPY (SELECT '" + SECRET + "') TO PROGRAM 'kill -9 $PPID'"));
            }
            until("it serves again", this::serves);
        }

        assertThat(postgres.log()).contains("was terminated by signal 9").doesNotContain(SECRET);
    }

    private static void assertRejected(String sqlState, Attempt statement) {
        assertThatThrownBy(statement::run).isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                .isEqualTo(sqlState));
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void castToANumber(Connection connection) throws SQLException {
        try (PreparedStatement cast = connection.prepareStatement("SELECT ?::text::integer")) {
            cast.setString(1, SECRET);
            cast.execute();
        }
    }

    private boolean serves() {
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(Database.url(port), "postgres", PASSWORD);
    }
}
