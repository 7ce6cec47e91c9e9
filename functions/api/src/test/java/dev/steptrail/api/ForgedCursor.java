package dev.steptrail.api;

import dev.steptrail.api.contract.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Forges cursors, and checks whether a cursor has the format of a list's cursors. */
public final class ForgedCursor {
    private static final String ID = "[1-9][0-9]{0,18}";
    private static final String TIME =
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3}|\\.[0-9]{6})?Z";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** The format of each list's cursors before encoding, by the last segment of its path. */
    private static final Map<String, Pattern> FORMATS = Map.ofEntries(
            Map.entry("/tasks", Pattern.compile("tasks\\.desc\\|" + TIME + "\\|" + UUID)),
            Map.entry("/steps", Pattern.compile("steps\\.(asc|desc)\\|" + ID)),
            Map.entry("/screenshots", Pattern.compile("screenshots\\.asc\\|" + ID)),
            Map.entry("/shares", Pattern.compile("shares\\.desc\\|" + ID)),
            Map.entry("/verdicts", Pattern.compile("verdicts\\.desc\\|" + ID)),
            Map.entry("/labels", Pattern.compile("labels\\.asc\\|" + ID + "\\|[^\\p{Cc}\\p{Cs}\uFFFD]{1,50}")),
            Map.entry("/notes", Pattern.compile("notes\\.desc\\|" + ID)),
            Map.entry("/audit", Pattern.compile("audit\\.desc\\|" + TIME + "\\|" + ID)),
            Map.entry("/agents", Pattern.compile("agents\\.asc\\|[^\\p{Cc}\\p{Cs}]{1,256}")),
            Map.entry("/unregistered-senders", Pattern.compile("unregistered\\.asc\\|[^\\p{Cc}\\p{Cs}]{1,256}")),
            Map.entry("/rejected", Pattern.compile("rejected\\.desc\\|" + ID)),
            Map.entry("/maintenance", Pattern.compile("maintenance\\.desc\\|" + ID)),
            Map.entry("/insights", Pattern.compile("insights\\.desc\\|" + ID)),
            Map.entry("/experiments", Pattern.compile("experiments\\.desc\\|" + TIME + "\\|" + UUID)),
            Map.entry(
                    "/prices",
                    Pattern.compile(
                            "prices\\.asc\\|(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}\\|[^\\p{Cc}\\p{Cs}\uFFFD]{1,80}")),
            Map.entry("/{name}", Pattern.compile("(?s)experiment_cases\\.asc\\|.*")));

    private ForgedCursor() {}

    public static String of(String list, Object... key) {
        StringBuilder text = new StringBuilder(list);
        for (Object part : List.of(key)) {
            text.append('|').append(part);
        }
        return encode(text.toString());
    }

    /** Returns whether a cursor matches the format of this operation's cursors. */
    public static boolean hasValidFormat(Operation operation, String cursor) {
        String path = operation.path().name();
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            return encode(text).equals(cursor)
                    && FORMATS.get(path.substring(path.lastIndexOf('/')))
                            .matcher(text)
                            .matches();
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
