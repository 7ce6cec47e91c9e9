package dev.steptrail.store.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** What an error code says of who is to blame: the data, the moment, or the connection. */
public final class SqlStates {
    private static final Set<String> CONNECTION_LOST = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

    /**
     * Not the data's fault: connection, transaction state, authorisation, no such database, transaction rollback, no such
     * table or no right to it, resources, a lock not to be had, an operator's word, the system, its files, itself.
     */
    private static final Set<String> TRANSIENT =
            Set.of("08", "25", "28", "3D", "40", "42", "53", "55", "57", "58", "F0", "XX");

    private static final Set<String> COLLISION = Set.of("40001", "40P01");

    private static final Set<String> TIMEOUT = Set.of("55P03", "57014");

    private SqlStates() {}

    /** Whether the connection it came from is of no more use. */
    static boolean isConnectionLost(SQLException e) {
        String state = state(e);
        return state.startsWith("08") || CONNECTION_LOST.contains(state);
    }

    /** Whether two transactions got in each other's way: the loser may simply begin again. */
    static boolean isCollision(SQLException e) {
        return COLLISION.contains(state(e));
    }

    /** Whether a row has the key of another, which was not there, or not committed yet, when it was looked for. */
    public static boolean isDuplicateKey(SQLException e) {
        return state(e).equals("23505");
    }

    /** Whether a lock was not to be had in time, or a statement took longer than it may. */
    public static boolean isTimeout(SQLException e) {
        return TIMEOUT.contains(state(e));
    }

    static StoreException translate(SQLException e) {
        String state = state(e);
        if (state.length() != 5 || TRANSIENT.contains(state.substring(0, 2))) {
            return new StoreException.Unavailable(state);
        }
        return new StoreException.Refused(state);
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
