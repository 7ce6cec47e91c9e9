package dev.steptrail.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.model.TaskFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's question for many tasks as JSON Lines. The answer lies in the bucket under {@code
 * exports/<owner>/tasks.<question>.jsonl}, or {@code exports/tasks.<question>.jsonl} where the tasks may be anybody's: there a
 * deletion of one of them finds it.
 *
 * @param caller who asks; each has answers of their own, for what they read is written down as it is made
 * @param filter the tasks
 * @param state of the tasks, 16 hexadecimal digits; who waits for an answer asks by the state of the beginning
 * @param deleted how many of the owner's tasks were deleted: an answer that was made before a deletion is given to nobody
 */
public record TasksExportKey(String caller, TaskFilter filter, String state, long deleted) {
    /** What a state looks like. */
    public static final String STATE = "[0-9a-f]{16}";

    /** As HTTP names the answer's form. */
    public static final String CONTENT_TYPE = "application/x-ndjson";

    /** Of what is in the answer: a change of that is another. */
    private static final int VERSION = 1;

    private static final String BEGIN = "tasks?";
    private static final int NAME_LENGTH = 32;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** The state of the tasks by what the store says of it. */
    public static String state(String news) {
        return Sha256.hex((VERSION + "|" + news).getBytes(UTF_8)).substring(0, 16);
    }

    /** In the bucket. */
    public String key() {
        String folder = filter.owner() == null ? "" : ArchiveKeys.folder(filter.owner()) + "/";
        String name = Sha256.hex((VERSION + "|" + message()).getBytes(UTF_8)).substring(0, NAME_LENGTH);
        return "exports/" + folder + "tasks." + name + ".jsonl";
    }

    /** What a browser does with the answer. */
    public String disposition() {
        return "attachment; filename=\"tasks-" + state + ".jsonl\"";
    }

    /** All of it as text, of letters, digits and marks that need no escape in JSON: values are in base64url. */
    public String message() {
        Map<String, @Nullable Object> parts = new TreeMap<>();
        parts.put("caller", caller);
        parts.put("state", state);
        parts.put("deleted", deleted);
        parts.put("owner", filter.owner());
        parts.put("status", filter.status());
        parts.put("agent", filter.agent());
        parts.put("model", filter.model());
        parts.put("device_id", filter.deviceId());
        parts.put("since", filter.since());
        parts.put("until", filter.until());
        parts.put("text", filter.text());
        return parts.entrySet().stream()
                .filter(part -> part.getValue() != null)
                .map(part -> part.getKey() + "=" + encoded(String.valueOf(part.getValue())))
                .collect(Collectors.joining("&", BEGIN, ""));
    }

    /** What this message is; empty if {@link #message} did not make it. */
    public static Optional<TasksExportKey> parse(String message) {
        if (!message.startsWith(BEGIN)) {
            return Optional.empty();
        }
        try {
            return read(message).filter(key -> key.message().equals(message));
        } catch (IllegalArgumentException | DateTimeException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<TasksExportKey> read(String message) {
        Map<String, String> parts = new TreeMap<>();
        for (String part : message.substring(BEGIN.length()).split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                return Optional.empty();
            }
            parts.put(part.substring(0, equals), decoded(part.substring(equals + 1)));
        }
        String caller = parts.get("caller");
        String state = parts.getOrDefault("state", "");
        String deleted = parts.getOrDefault("deleted", "");
        if (caller == null || !state.matches(STATE) || !NUMBER.matcher(deleted).matches()) {
            return Optional.empty();
        }
        TaskFilter filter = new TaskFilter(
                parts.get("owner"),
                parts.get("status"),
                parts.get("agent"),
                parts.get("model"),
                parts.get("device_id"),
                time(parts.get("since")),
                time(parts.get("until")),
                parts.get("text"));
        return Optional.of(new TasksExportKey(caller, filter, state, Long.parseLong(deleted)));
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), UTF_8);
    }

    private static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
