package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStatesTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"08006", "25006", "28P01", "40P01", "42P01", "53300", "55P03", "57P01", "58030", "XX000", ""})
    void errorNotCausedByData_isUnavailable(String state) {
        assertThat(SqlStates.translate(new SQLException("secret", state)))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"22021", "22P05", "23514", "54000"})
    void errorCausedByData_isDataRejected(String state) {
        assertThat(SqlStates.translate(new SQLException("secret", state)))
                .isInstanceOf(StoreException.DataRejected.class)
                .hasMessage("the database rejected the data (SQLSTATE " + state + ")");
    }
}
