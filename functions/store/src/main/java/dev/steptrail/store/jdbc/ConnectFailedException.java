package dev.steptrail.store.jdbc;

import java.sql.SQLException;

/** A connection could not be opened. Unlike those of statements, the message contains no data of the database. */
final class ConnectFailedException extends SQLException {
    ConnectFailedException(String message, SQLException cause) {
        super(message, cause.getSQLState(), cause);
    }
}
