package dev.steptrail.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Parses times and days in requests. Accepts the years 1 to 9999, as the step format does. */
final class TimeParser {
    /** PostgreSQL would reject some other values of Instant. */
    private static final Instant MIN_TIME = startOfYear(1);

    private static final Instant MAX_TIME = startOfYear(10_000).minus(1, ChronoUnit.MICROS);

    private TimeParser() {}

    private static Instant startOfYear(int year) {
        return LocalDate.of(year, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Parses a time. Throws a Problem whose detail contains {@code name} if it is invalid. */
    static Instant parse(String name, String text) {
        try {
            // A plus sign that the client did not encode is decoded to a space.
            return requireStorable(OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
        } catch (DateTimeException | IllegalArgumentException invalid) {
            throw Problem.invalidValue(name, "must be a time like 2026-03-01T10:00:00Z, in the years 1 to 9999", text);
        }
    }

    /** Parses a day. Throws a Problem whose detail contains {@code name} if it is invalid. */
    static LocalDate parseDay(String name, String text) {
        try {
            if (!text.matches("(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                throw new DateTimeException("not a year of four digits, a month and a day");
            }
            return LocalDate.parse(text);
        } catch (DateTimeException invalid) {
            throw Problem.invalidValue(name, "must be a day like 2026-03-01", text);
        }
    }

    /**
     * Parses the time in a pagination cursor. It is the time of the last row of the previous page.
     *
     * @throws RuntimeException if it is not a valid time with at most microsecond precision
     */
    static Instant parseStoredTime(String text) {
        Instant time = requireStorable(Instant.parse(text));
        if (!time.truncatedTo(ChronoUnit.MICROS).equals(time)) {
            throw new IllegalArgumentException("finer than microseconds");
        }
        return time;
    }

    /** @throws IllegalArgumentException if the year is not 1 to 9999 */
    private static Instant requireStorable(Instant time) {
        if (time.isBefore(MIN_TIME) || time.isAfter(MAX_TIME)) {
            throw new IllegalArgumentException("out of range");
        }
        return time;
    }
}
