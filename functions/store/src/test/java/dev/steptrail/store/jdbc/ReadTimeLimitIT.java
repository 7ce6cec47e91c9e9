package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads with a time limit. */
@Tag("slow")
class ReadTimeLimitIT {
    private static final Database DATABASE = TestDatabase.empty().database();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void slowRead_isCancelledByPostgres_withOrWithoutATransaction() {
        DATABASE.setReadDeadline(Duration.ofMillis(300));
        assertThatThrownBy(() -> DATABASE.read(session -> first(session.sql("SELECT pg_sleep(20)"))))
                .hasMessage("the database is not available (SQLSTATE 57014)");

        DATABASE.setReadDeadline(Duration.ofMillis(300));
        assertThatThrownBy(() -> DATABASE.readInAutoCommit(session -> first(session.sql("SELECT pg_sleep(20)"))))
                .hasMessage("the database is not available (SQLSTATE 57014)");
    }

    @Test
    void readWithoutTimeLeft_isNotSent() {
        DATABASE.setReadDeadline(Duration.ZERO);

        assertThatThrownBy(() -> DATABASE.readInAutoCommit(session -> first(session.sql("SELECT 1"))))
                .hasMessage("the database is not available (SQLSTATE 57014)");
    }

    @Test
    void limit_appliesToEachStatement_andIsNotLeftInTheSession() {
        DATABASE.setReadDeadline(Duration.ofMinutes(1));

        String limit = "SELECT current_setting('statement_timeout')";
        List<String> limits = DATABASE.read(session -> List.of(first(session.sql(limit)), first(session.sql(limit))));
        String afterwards = DATABASE.inAutoCommit(session -> first(session.sql(limit)));

        assertThat(limits).allSatisfy(set -> assertThat(set).matches("(59[0-9]{3}ms|1min)"));
        assertThat(afterwards).isEqualTo("0");
    }

    @Test
    void rowsFetchedInParts_areComplete_andParametersKeepTheirPositions() {
        DATABASE.setReadDeadline(Duration.ofMinutes(1));

        List<Integer> read = DATABASE.read(session -> session.sql("SELECT generate_series(1, ?) AS number", 1000)
                .fetchSize(7)
                .list(row -> row.getInt("number")));

        assertThat(read).hasSize(1000).endsWith(1000);
    }

    private static String first(Sql query) throws SQLException {
        return query.single(row -> row.getString(1));
    }
}
