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

/** What records check and normalise alike, whoever makes them. */
final class Fields {
    private static final Instant EARLIEST =
            LocalDate.of(1, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    private static final Instant LATEST =
            LocalDate.of(10_000, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant().minus(1, ChronoUnit.MICROS);

    private Fields() {}

    /** The fields of every record, and those given. */
    static Set<String> ofRecord(String... own) {
        Set<String> fields = new HashSet<>(List.of("v", "record", "task_id", "timestamp"));
        fields.addAll(List.of(own));
        return Set.copyOf(fields);
    }

    /** To the microsecond, which is what Postgres keeps: a record that went through it equals the one that was sent. */
    static Instant storable(Instant time) {
        Instant cut = time.truncatedTo(ChronoUnit.MICROS);
        if (cut.isBefore(EARLIEST) || cut.isAfter(LATEST)) {
            throw new IllegalArgumentException("time: must lie in the years 1 to 9999");
        }
        return cut;
    }

    /** The time that {@code text} writes, where it has the form that the schema asks for and can be stored. */
    static Optional<Instant> time(String text) {
        int zone = zone(text);
        if (!hasForm(text, zone)) {
            return Optional.empty();
        }
        try {
            return Optional.of(storable(parsed(text, zone)));
        } catch (DateTimeException | IllegalArgumentException noSuchTime) {
            return Optional.empty();
        }
    }

    /** Where its zone begins, if it has one. */
    private static int zone(String time) {
        return time.endsWith("Z") ? time.length() - 1 : time.length() - 6;
    }

    /** A step has several times: a regular expression, or Java's own formatter, takes several times as long as this. */
    private static boolean hasForm(String time, int zone) {
        return zone >= 16
                && hasForm(time, 0, "0000-00-00T00:00")
                && (zone == 16 || (zone >= 19 && hasForm(time, 16, ":00")))
                && (zone <= 19 || (zone >= 21 && zone <= 29 && time.charAt(19) == '.' && areDigits(time, 20, zone)))
                && (time.endsWith("Z") || hasForm(time, zone, "+00:00") || hasForm(time, zone, "-00:00"));
    }

    /** Whether what stands there has the form: a digit for each 0, and the form's own characters. */
    private static boolean hasForm(String text, int from, String form) {
        for (int i = 0; i < form.length(); i++) {
            char c = text.charAt(from + i);
            if (form.charAt(i) == '0' ? !isDigit(c) : c != form.charAt(i)) {
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

    /** By the places that the form gives them. */
    private static Instant parsed(String time, int zone) {
        return OffsetDateTime.of(
                        digits(time, 0, 4),
                        digits(time, 5, 7),
                        digits(time, 8, 10),
                        digits(time, 11, 13),
                        digits(time, 14, 16),
                        zone > 16 ? digits(time, 17, 19) : 0,
                        zone > 20 ? nanos(time, 20, zone) : 0,
                        ZoneOffset.of(time.substring(zone)))
                .toInstant();
    }

    private static int nanos(String time, int from, int to) {
        int nanos = digits(time, from, to);
        for (int places = to - from; places < 9; places++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static int digits(String time, int from, int to) {
        return Integer.parseInt(time, from, to, 10);
    }

    static Map<String, Object> unknown(Map<String, Object> unknown, Set<String> known) {
        for (String name : unknown.keySet()) {
            if (known.contains(name)) {
                throw new IllegalArgumentException(name + ": is a field of its own, not an unknown one");
            }
        }
        return JsonValues.copyOf(unknown);
    }

    static void requireRange(String name, @Nullable Integer value, int least) {
        if (value != null) {
            requireRange(name, value, least, Integer.MAX_VALUE);
        }
    }

    static void requireRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + range(least, most));
        }
    }

    /** The rule for a whole number, as errors tell it. */
    static String range(long least, long most) {
        return most == Long.MAX_VALUE
                ? "must be a whole number of " + least + " or more"
                : "must be a whole number from " + least + " to " + most;
    }
}
