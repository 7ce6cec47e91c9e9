package dev.steptrail.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.FileSystemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Formats values for people, in English. A missing value from the API becomes {@code -}. */
public final class TextFormat {
    private static final String MISSING = "-";

    /** A field with an optional format: {@code {steps}}, {@code {mean_ms:ms}}, {@code {tasks:failed task}}. */
    private static final Pattern FIELD = Pattern.compile("\\{(\\w+)(?::([^}]+))?}");

    private TextFormat() {}

    public static String text(JsonNode value) {
        if (isMissing(value)) {
            return MISSING;
        }
        return value.isArray()
                ? join(value, ",", TextFormat::text)
                : value.isObject() ? value.toString() : value.asText();
    }

    /** Formats an array of texts. Quotes those that contain a comma. */
    public static String list(JsonNode texts) {
        return oneLine(join(
                texts, ", ", text -> text.asText().contains(",") && text.isTextual() ? text.toString() : text(text)));
    }

    /** Returns the first value that is not empty, as one line. */
    public static String line(JsonNode... values) {
        for (JsonNode value : values) {
            String line = isMissing(value) ? "" : oneLine(text(value));
            if (!line.isEmpty()) {
                return line;
            }
        }
        return MISSING;
    }

    /** Returns the fields of an object in one line, such as {@code app_version=8.1, repeats=3}. */
    public static String fields(JsonNode object) {
        return oneLine(object.properties().stream()
                .map(field -> field.getKey() + "=" + text(field.getValue()))
                .collect(Collectors.joining(", ")));
    }

    private static boolean isMissing(JsonNode value) {
        return value.isNull() || value.isMissingNode();
    }

    private static String join(JsonNode array, String separator, Function<JsonNode, String> format) {
        return array.isEmpty() ? MISSING : array.valueStream().map(format).collect(Collectors.joining(separator));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    /** Returns a one-line error message. Adds the exception type if the message is missing or only a file path. */
    public static String errorMessage(Exception e) {
        boolean isOnlyPath = e instanceof FileSystemException file && file.getReason() == null;
        return isOnlyPath || e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Formats a number with its noun: {@code 1 step}, {@code 2 steps}, {@code 0 successes}. */
    public static String count(long number, String noun) {
        return count(Long.toString(number), noun);
    }

    private static String count(String number, String noun) {
        String plural = noun.endsWith("s") ? "es" : "s";
        return number + " " + noun + (number.equals("1") ? "" : plural);
    }

    public static String percent(JsonNode rate) {
        return rate.isNumber()
                ? rate.decimalValue()
                                .multiply(BigDecimal.valueOf(100))
                                .setScale(1, RoundingMode.HALF_UP)
                                .stripTrailingZeros()
                                .toPlainString()
                        + " %"
                : MISSING;
    }

    /** Returns the sum of the input and output tokens of {@code usage}. */
    public static String tokens(JsonNode usage) {
        JsonNode input = usage.path("input_tokens");
        JsonNode output = usage.path("output_tokens");
        return input.isNumber() || output.isNumber() ? String.valueOf(input.asLong() + output.asLong()) : MISSING;
    }

    /** Returns the amount of each currency, and the number of tokens without a price. */
    public static String cost(JsonNode cost) {
        List<String> parts = new ArrayList<>();
        cost.path("amounts")
                .properties()
                .forEach(amount ->
                        parts.add(amount.getKey() + " " + amount.getValue().asText()));
        if (cost.path("unpriced_tokens").asLong() > 0) {
            parts.add(cost.path("unpriced_tokens").asText() + " tokens without a price");
        }
        return parts.isEmpty() ? MISSING : String.join(" + ", parts);
    }

    /** Formats a time from the API like {@link #time(Instant, ZoneId)}; returns other values unchanged. */
    public static String time(JsonNode value, ZoneId zone) {
        try {
            return time(Instant.parse(value.asText()), zone);
        } catch (DateTimeException notATime) {
            return text(value);
        }
    }

    /** Formats a time to the second, in a format that options accept, such as {@code 2026-05-14T17:41:00+08:00}. */
    public static String time(Instant time, ZoneId zone) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                time.truncatedTo(ChronoUnit.SECONDS).atZone(zone));
    }

    /** Formats a duration in its two largest units, such as {@code 2 h 5 min}. */
    public static String duration(Duration time) {
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
     * Replaces each field in braces by its value. The formats are {@code ms} for a duration, {@code %} for a ratio in
     * percent, without the sign, and {@code list}. Any other format is the noun of a {@link #count}.
     *
     * @param maxWidth the maximum width of a value, in columns
     */
    public static String fill(String template, JsonNode values, int maxWidth) {
        return FIELD.matcher(template).replaceAll(field -> {
            String text = format(values.path(field.group(1)), Objects.requireNonNullElse(field.group(2), ""));
            return Matcher.quoteReplacement(Terminal.truncate(text, maxWidth));
        });
    }

    private static String format(JsonNode value, String format) {
        return switch (format) {
            case "ms" -> duration(value.asDouble());
            case "%" -> String.format(Locale.ROOT, "%.0f", 100 * value.asDouble());
            case "list" -> list(value);
            case "" -> line(value);
            default -> count(line(value), format);
        };
    }
}
