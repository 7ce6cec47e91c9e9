package dev.steptrail.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.TaskRepository;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request to export many tasks as JSON Lines. The export's key in the bucket is
 * {@code exports/<owner>/tasks.<hash>.jsonl} or, if the tasks may belong to any owner,
 * {@code exports/tasks.<hash>.jsonl}.
 *
 * @param caller the requesting user; users do not share exports, because an export records its caller in the audit log
 * @param filter selects the tasks
 * @param state a hash of the tasks' state, 16 hexadecimal digits; polling clients send the state of the first response
 * @param deleted the number of the owner's deleted tasks, regardless of the rest of the filter; a deletion changes the
 *     key, so that an older export with the deleted task is not returned
 */
public record TasksExportRequest(String caller, TaskFilter filter, String state, long deleted) {
    public static final String STATE_PATTERN = "[0-9a-f]{16}";

    public static final String CONTENT_TYPE = "application/x-ndjson";

    /** The version of the export's content. A change of the content must increment it. */
    private static final int VERSION = 3;

    private static final String PREFIX = "tasks?";
    private static final int NAME_LENGTH = 32;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** Returns a request for the current state of the tasks. */
    public static TasksExportRequest of(String caller, TaskFilter filter, TaskRepository.State current) {
        String state = Sha256.hex((VERSION + "|" + current.version()).getBytes(UTF_8));
        return new TasksExportRequest(caller, filter, state.substring(0, 16), current.deleted());
    }

    public String key() {
        String folder = filter.owner() == null ? "" : ArchiveKeys.folder(filter.owner()) + "/";
        String name = Sha256.hex((VERSION + "|" + message()).getBytes(UTF_8)).substring(0, NAME_LENGTH);
        return "exports/" + folder + "tasks." + name + ".jsonl";
    }

    /** Returns the value of {@code Content-Disposition}. */
    public String disposition() {
        return "attachment; filename=\"tasks-" + state + ".jsonl\"";
    }

    /** Returns the queue message. Values are encoded in base64url, so that they need no escaping in JSON. */
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
        parts.put("verdict", filter.verdict());
        parts.put("experiment", filter.experiment());
        parts.put("case_id", filter.caseId());
        parts.put("facets", filter.facets().isEmpty() ? null : join(filter.facets()));
        return parts.entrySet().stream()
                .filter(part -> part.getValue() != null)
                .map(part -> part.getKey() + "=" + encode(String.valueOf(part.getValue())))
                .collect(Collectors.joining("&", PREFIX, ""));
    }

    /** Parses a message; empty if {@link #message} did not create it. */
    public static Optional<TasksExportRequest> parse(String message) {
        if (!message.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            return parseParts(message).filter(request -> request.message().equals(message));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<TasksExportRequest> parseParts(String message) {
        Map<String, String> parts = new TreeMap<>();
        for (String part : message.substring(PREFIX.length()).split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                return Optional.empty();
            }
            parts.put(part.substring(0, equals), decode(part.substring(equals + 1)));
        }
        String caller = parts.get("caller");
        String state = parts.getOrDefault("state", "");
        String deleted = parts.getOrDefault("deleted", "");
        if (caller == null
                || !state.matches(STATE_PATTERN)
                || !NUMBER.matcher(deleted).matches()) {
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
                parts.get("text"),
                facets(parts.get("facets")),
                parts.get("verdict"),
                parts.get("experiment"),
                parts.get("case_id"));
        return Optional.of(new TasksExportRequest(caller, filter, state, Long.parseLong(deleted)));
    }

    /** Returns the encoded names and values, separated by dots and commas. */
    private static String join(List<Facet> facets) {
        return facets.stream()
                .map(facet -> encode(facet.name()) + "." + encode(facet.value()))
                .collect(Collectors.joining(","));
    }

    /** @throws IllegalArgumentException if {@link #join} did not create the text */
    private static List<Facet> facets(@Nullable String text) {
        List<Facet> facets = new ArrayList<>();
        for (String part : text == null ? new String[0] : text.split(",", -1)) {
            String[] nameAndValue = part.split("\\.", -1);
            if (nameAndValue.length != 2) {
                throw new IllegalArgumentException("not a name and a value");
            }
            facets.add(new Facet(decode(nameAndValue[0]), decode(nameAndValue[1])));
        }
        return facets;
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static String decode(String text) {
        return new String(Base64.getUrlDecoder().decode(text), UTF_8);
    }

    private static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
