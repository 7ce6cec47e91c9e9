package dev.steptrail.store;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An unforeseen error for the log: where it was, but not its message, which may quote what nobody else should read. */
public final class Failure {
    private static final int FRAMES = 12;

    private Failure() {}

    /** Its class, and the places where it was; none where the JVM left them out, as it may for one that it threw often. */
    public static String describe(Throwable failure) {
        return Stream.of(failure.getStackTrace())
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < ", failure.getClass().getName() + " at ", ""));
    }
}
