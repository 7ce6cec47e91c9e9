package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Reads that have a time to end. */
class LimitedReadsIT {
    private static final Database DATABASE = TestDatabase.empty().database();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void aReadThatTakesTooLong_isGivenUpByPostgres_withATransactionOrWithout() {
        DATABASE.readWithin(Duration.ofMillis(300));
        assertThatThrownBy(() -> DATABASE.read(connection -> first(connection.prepareStatement("SELECT pg_sleep(20)"))))
                .hasMessage("the database is not available (SQLSTATE 57014)");

        DATABASE.readWithin(Duration.ofMillis(300));
        assertThatThrownBy(() ->
                        DATABASE.readOnce(connection -> first(connection.prepareStatement("SELECT pg_sleep(20)"))))
                .hasMessage("the database is not available (SQLSTATE 57014)");
    }

    @Test
    void aReadForWhichNoTimeIsLeft_isNotSent() {
        DATABASE.readWithin(Duration.ZERO);

        assertThatThrownBy(() -> DATABASE.readOnce(connection -> first(connection.prepareStatement("SELECT 1"))))
                .hasMessage("the database is not available (SQLSTATE 57014)");
    }

    @Test
    void theLimit_holdsForEachStatement_andStaysInNoSession() {
        DATABASE.readWithin(Duration.ofMinutes(1));

        String limit = "SELECT current_setting('statement_timeout')";
        List<String> limits = DATABASE.read(connection ->
                List.of(first(connection.prepareStatement(limit)), first(connection.prepareStatement(limit))));
        String afterwards = DATABASE.once(connection -> first(connection.prepareStatement(limit)));

        assertThat(limits).allSatisfy(set -> assertThat(set).matches("(59[0-9]{3}ms|1min)"));
        assertThat(afterwards).isEqualTo("0");
    }

    @Test
    void rowsThatAreFetchedByAndBy_allCome_andParametersAreTheQuerysOwn() {
        DATABASE.readWithin(Duration.ofMinutes(1));

        List<Integer> read = DATABASE.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT generate_series(1, ?) AS number")) {
                statement.setInt(1, 1000);
                statement.setFetchSize(7);
                List<Integer> numbers = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        numbers.add(rows.getInt("number"));
                    }
                }
                return numbers;
            }
        });

        assertThat(read).hasSize(1000).endsWith(1000);
    }

    private static String first(PreparedStatement query) throws SQLException {
        try (query;
                ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }
}
