package dev.steptrail.stepformat;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The ids of tasks as text, in the one form in which records, folders and addresses write them. */
public final class TaskId {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private TaskId() {}

    /** The UUID that {@code text} writes, where it is whole and in lower case; else empty. */
    public static Optional<UUID> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
