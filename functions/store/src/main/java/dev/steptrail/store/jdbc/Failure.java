package dev.steptrail.store.jdbc;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes unexpected errors for the log without their messages, which may quote private data. */
public final class Failure {
    private static final int FRAMES = 12;

    /** SQLSTATE classes without data in their messages: connection, authorization, database, resources, operator. */
    private static final Set<String> WITHOUT_DATA = Set.of("08", "28", "3D", "53", "57");

    private Failure() {}

    /** Returns the SQLSTATE, with Postgres's message if it cannot contain data; empty for errors of other origin. */
    public static Optional<String> describeDatabaseError(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                boolean isWithoutData = WITHOUT_DATA.contains(sql.getSQLState().substring(0, 2));
                return Optional.of("SQLSTATE " + sql.getSQLState() + (isWithoutData ? ", " + sql.getMessage() : ""));
            }
        }
        return Optional.empty();
    }

    /** Returns the class and the top of the stack trace, which the JVM may omit for frequent exceptions. */
    public static String describe(Throwable failure) {
        return Stream.of(failure.getStackTrace())
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < ", failure.getClass().getName() + " at ", ""));
    }
}
