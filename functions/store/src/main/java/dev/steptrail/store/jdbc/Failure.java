package dev.steptrail.store.jdbc;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An unforeseen error for the log: where it was, but not its message, which may quote what nobody else should read. */
public final class Failure {
    private static final int FRAMES = 12;

    /** Classes of SQLSTATE: no connection, no authorization, no such database, no room, stopped by an operator. */
    private static final Set<String> OF_THE_WAY = Set.of("08", "28", "3D", "53", "57");

    private Failure() {}

    /**
     * What Postgres had to do with it; empty if it had nothing. It is told as a SQLSTATE, and where that is of the way to the database, and
     * not of what is in it, with Postgres's own words, which quote nobody's steps then.
     */
    public static Optional<String> ofDatabase(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                boolean isOfTheWay = OF_THE_WAY.contains(sql.getSQLState().substring(0, 2));
                return Optional.of("SQLSTATE " + sql.getSQLState() + (isOfTheWay ? ", " + sql.getMessage() : ""));
            }
        }
        return Optional.empty();
    }

    /** Its class, and the places where it was; none where the JVM left them out, as it may for one that it threw often. */
    public static String describe(Throwable failure) {
        return Stream.of(failure.getStackTrace())
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < ", failure.getClass().getName() + " at ", ""));
    }
}
