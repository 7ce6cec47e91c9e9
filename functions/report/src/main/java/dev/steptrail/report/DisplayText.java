package dev.steptrail.report;

import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.model.Task;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats values for people, the same in all languages; empty if unknown. */
final class DisplayText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The maximum length of a name that is taken from a description. */
    private static final int MAX_NAME = 80;

    private DisplayText() {}

    /** Returns a task's display name: its name, else the first line of its description, else its id. */
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
                .map(line -> truncateAtWord(MAX_NAME, line))
                .orElseGet(() -> task.taskId().toString());
    }

    /** Truncates a text and appends an ellipsis. Truncates after a word if a word ends in the second half. */
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

    static String percent(@Nullable Double share) {
        return share == null ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
