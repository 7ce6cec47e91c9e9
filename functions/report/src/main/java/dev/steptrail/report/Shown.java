package dev.steptrail.report;

import dev.steptrail.stepformat.Beginning;
import dev.steptrail.store.model.Task;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as people read them, alike in all languages; empty text for what is not known. */
final class Shown {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Of a description that stands for a name. */
    private static final int LONGEST_NAME = 80;

    private Shown() {}

    /** What a task is called: by its name, else by the first line of what was asked for, else by its id. */
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
                .map(line -> toWords(LONGEST_NAME, line))
                .orElseGet(() -> task.taskId().toString());
    }

    /** At most so many characters; what is too long ends after a word, if there is one in its second half, and with an ellipsis. */
    private static String toWords(int most, String text) {
        if (text.length() <= most) {
            return text;
        }
        String beginning = Beginning.of(text, most - 1);
        int space = text.charAt(beginning.length()) == ' ' ? beginning.length() : beginning.lastIndexOf(' ');
        return (space > most / 2 ? beginning.substring(0, space) : beginning).stripTrailing() + "…";
    }

    static String time(@Nullable Instant time) {
        return time == null ? "" : TIME.format(time);
    }

    /** @param milliseconds null if not known */
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
