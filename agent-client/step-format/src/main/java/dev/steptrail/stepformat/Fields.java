package dev.steptrail.stepformat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Validates and normalizes field values, for records from callers and decoded records alike. */
final class Fields {
    private static final Instant EARLIEST =
            LocalDate.of(1, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    private static final Instant LATEST =
            LocalDate.of(10_000, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant().minus(1, ChronoUnit.MICROS);

    private Fields() {}

    /** Returns the names of the fields that all records have, and the given names. */
    static Set<String> recordFields(String... additional) {
        Set<String> fields = new HashSet<>(List.of("v", "record", "task_id", "timestamp"));
        fields.addAll(List.of(additional));
        return Set.copyOf(fields);
    }

    /** Truncates to microseconds, the precision of PostgreSQL, so that a stored record equals the one that was sent. */
    static Instant toStorable(Instant time) {
        Instant truncated = time.truncatedTo(ChronoUnit.MICROS);
        if (truncated.isBefore(EARLIEST) || truncated.isAfter(LATEST)) {
            throw new IllegalArgumentException("time: must be in the years 1 to 9999");
        }
        return truncated;
    }

    /** Parses a time. Returns empty if {@code text} does not match the JSON schema or the time cannot be stored. */
    static Optional<Instant> parseTime(String text) {
        int zone = zoneIndex(text);
        if (!isTimeFormat(text, zone)) {
            return Optional.empty();
        }
        try {
            return Optional.of(toStorable(parseDateTime(text, zone)));
        } catch (DateTimeException | IllegalArgumentException invalid) {
            return Optional.empty();
        }
    }

    /** Returns the index at which the UTC offset must start. */
    private static int zoneIndex(String time) {
        return time.endsWith("Z") ? time.length() - 1 : time.length() - 6;
    }

    /** Returns whether the text has the JSON schema's format. Several times as fast as a regular expression. */
    private static boolean isTimeFormat(String time, int zone) {
        return zone >= 16
                && matches(time, 0, "0000-00-00T00:00")
                && (zone == 16 || (zone >= 19 && matches(time, 16, ":00")))
                && (zone <= 19 || (zone >= 21 && zone <= 29 && time.charAt(19) == '.' && areDigits(time, 20, zone)))
                && (time.endsWith("Z") || matches(time, zone, "+00:00") || matches(time, zone, "-00:00"));
    }

    /** Returns whether {@code text} matches a pattern from an index on. A 0 in the pattern matches any digit. */
    private static boolean matches(String text, int from, String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            char c = text.charAt(from + i);
            if (pattern.charAt(i) == '0' ? !isDigit(c) : c != pattern.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Instant parseDateTime(String time, int zone) {
        return OffsetDateTime.of(
                        parseInt(time, 0, 4),
                        parseInt(time, 5, 7),
                        parseInt(time, 8, 10),
                        parseInt(time, 11, 13),
                        parseInt(time, 14, 16),
                        zone > 16 ? parseInt(time, 17, 19) : 0,
                        zone > 20 ? parseNanos(time, 20, zone) : 0,
                        ZoneOffset.of(time.substring(zone)))
                .toInstant();
    }

    private static int parseNanos(String time, int from, int to) {
        int nanos = parseInt(time, from, to);
        for (int places = to - from; places < 9; places++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static int parseInt(String time, int from, int to) {
        return Integer.parseInt(time, from, to, 10);
    }

    static Map<String, Object> copyUnknown(Map<String, Object> unknown, Set<String> formatFields) {
        for (String name : unknown.keySet()) {
            if (formatFields.contains(name)) {
                throw new IllegalArgumentException(
                        name + ": is a field of the format and must not be among the unknown fields");
            }
        }
        return JsonValues.copyOf(unknown);
    }

    /** Checks that a text, unless it is null, has 1 to {@code max} characters. */
    static void requireLength(String name, @Nullable String text, int max) {
        if (text != null && (text.isEmpty() || text.codePointCount(0, text.length()) > max)) {
            throw new IllegalArgumentException(name + ": must have 1 to " + max + " characters");
        }
    }

    static void requireRange(String name, @Nullable Integer value, int min) {
        if (value != null) {
            requireRange(name, value, min, Integer.MAX_VALUE);
        }
    }

    static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + rangeRule(min, max));
        }
    }

    /** Returns the part of an error message that describes a range. */
    static String rangeRule(long min, long max) {
        return max == Long.MAX_VALUE
                ? "must be a whole number of " + min + " or more"
                : "must be a whole number from " + min + " to " + max;
    }
}
