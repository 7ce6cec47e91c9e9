package dev.steptrail.stepformat;

import java.util.Optional;
import java.util.UUID;

/** Parses task ids in their only valid form: a UUID in lower case. */
public final class TaskId {
    private static final int LENGTH = 36;

    private TaskId() {}

    /** Parses a task id. Returns empty if {@code text} is not a UUID of 36 characters in lower case. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException notUuid) {
            return Optional.empty();
        }
    }
}
