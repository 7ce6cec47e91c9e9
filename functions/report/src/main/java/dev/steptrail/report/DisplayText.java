package dev.steptrail.report;

import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.model.Task;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats values for display, independently of the language. Returns empty strings for unknown values. */
final class DisplayText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final int MAX_NAME_LENGTH = 80;

    private DisplayText() {}

    /** Returns a task's name or, if it has none, the first line of its description, or its id. */
    static String name(Task task) {
        if (task.name() != null && !task.name().isBlank()) {
            return task.name();
        }
        String description = task.description() == null ? "" : task.description();
        return description
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .map(line -> truncateAtWord(MAX_NAME_LENGTH, line))
                .orElseGet(() -> task.taskId().toString());
    }

    /** Truncates a text and appends an ellipsis. Cuts at a space if there is one in the second half. */
    private static String truncateAtWord(int max, String text) {
        if (text.length() <= max) {
            return text;
        }
        String start = TextTruncator.truncate(text, max - 1);
        int space = text.charAt(start.length()) == ' ' ? start.length() : start.lastIndexOf(' ');
        return (space > max / 2 ? start.substring(0, space) : start).stripTrailing() + "…";
    }

    static String time(@Nullable Instant time) {
        return time == null ? "" : TIME.format(time);
    }

    /** @param milliseconds null if unknown */
    static String duration(@Nullable Number milliseconds) {
        if (milliseconds == null) {
            return "";
        }
        long ms = Math.round(milliseconds.doubleValue());
        long seconds = ms / 1000;
        if (ms < 1000) {
            return ms + " ms";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d h", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    static String percent(@Nullable Double fraction) {
        return fraction == null ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }
}
