package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats values from the API as text. A missing value becomes {@code -}. */
final class JsonCell {
    private static final String NONE = "-";

    /** A field in braces with an optional format: {@code {steps}}, {@code {mean_ms:ms}}. */
    private static final Pattern FIELD = Pattern.compile("\\{(\\w+)(?::(\\S+?))?}");

    private JsonCell() {}

    static String of(JsonNode value) {
        if (isNone(value)) {
            return NONE;
        }
        return value.isArray() ? joined(value, ",") : value.isObject() ? value.toString() : value.asText();
    }

    /** The first value that is not empty, in one line. */
    static String line(JsonNode... values) {
        for (JsonNode value : values) {
            String line = isNone(value) ? "" : oneLine(of(value));
            if (!line.isEmpty()) {
                return line;
            }
        }
        return NONE;
    }

    private static boolean isNone(JsonNode value) {
        return value.isNull() || value.isMissingNode();
    }

    private static String joined(JsonNode array, String separator) {
        return array.isEmpty() ? NONE : array.valueStream().map(JsonCell::of).collect(Collectors.joining(separator));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    /** A time, to the second. */
    static String time(JsonNode value) {
        try {
            return Instant.parse(value.asText()).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeException none) {
            return of(value);
        }
    }

    /** A duration in its two largest units, such as {@code 2 h 5 min}. */
    static String duration(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    private static String duration(double ms) {
        if (ms < 1000) {
            return String.format(Locale.ROOT, "%.0f ms", ms);
        }
        return ms < 60_000
                ? String.format(Locale.ROOT, "%.1f s", ms / 1000)
                : duration(Duration.ofMillis(Math.round(ms)));
    }

    /**
     * Replaces each field in braces by its value. The formats are {@code ms} for a duration, {@code %} for a ratio in percent,
     * without the sign, {@code kB} for bytes, {@code times} for a count, and {@code list}.
     *
     * @param longest the maximum width of a value, in columns
     */
    static String fill(String template, JsonNode values, int longest) {
        return FIELD.matcher(template).replaceAll(field -> {
            String text = formatted(values.path(field.group(1)), field.group(2));
            return Matcher.quoteReplacement(Terminal.cut(text, longest));
        });
    }

    private static String formatted(JsonNode value, @Nullable String format) {
        return switch (format == null ? "" : format) {
            case "ms" -> duration(value.asDouble());
            case "%" -> String.format(Locale.ROOT, "%.0f", 100 * value.asDouble());
            case "kB" -> String.format(Locale.ROOT, "%.0f", value.asDouble() / 1000);
            case "times" -> line(value) + (value.asLong() == 1 ? " time" : " times");
            case "list" -> oneLine(joined(value, ", "));
            default -> line(value);
        };
    }
}
