package dev.steptrail.store.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** Classifies errors by SQLSTATE. */
public final class SqlStates {
    private static final Set<String> CONNECTION_LOST = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

    /** The classes of errors that are independent of the data, so a retry may succeed. */
    private static final Set<String> TRANSIENT =
            Set.of("08", "25", "28", "3D", "40", "42", "53", "55", "57", "58", "F0", "XX");

    private static final Set<String> COLLISION = Set.of("40001", "40P01");

    private static final Set<String> TIMEOUT = Set.of("55P03", "57014");

    private static final Set<String> LOGIN_REJECTED = Set.of("28P01", "28000");

    private SqlStates() {}

    /** Returns whether the server rejected the user or the password. */
    static boolean isLoginRejected(SQLException e) {
        return LOGIN_REJECTED.contains(state(e));
    }

    /** Returns whether the server or the role has no connection left. */
    static boolean isConnectionLimit(SQLException e) {
        return state(e).equals("53300");
    }

    static boolean isConnectionLost(SQLException e) {
        return isConnectionException(e) || CONNECTION_LOST.contains(state(e));
    }

    static boolean isConnectionException(SQLException e) {
        return state(e).startsWith("08");
    }

    /** Returns whether the error is a serialization failure or a deadlock, so an immediate retry may succeed. */
    static boolean isCollision(SQLException e) {
        return COLLISION.contains(state(e));
    }

    public static boolean isDuplicateKey(SQLException e) {
        return state(e).equals("23505");
    }

    /** Returns whether a lock was not granted in time, or a statement took too long. */
    public static boolean isTimeout(SQLException e) {
        return isTimeout(state(e));
    }

    static boolean isTimeout(String state) {
        return TIMEOUT.contains(state);
    }

    static StoreException translate(SQLException e) {
        String state = state(e);
        if (e instanceof ConnectFailedException) {
            return new StoreException.Unavailable(state + ", " + e.getMessage());
        }
        if (state.length() != 5 || TRANSIENT.contains(state.substring(0, 2))) {
            return new StoreException.Unavailable(state);
        }
        return new StoreException.DataRejected(state);
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
