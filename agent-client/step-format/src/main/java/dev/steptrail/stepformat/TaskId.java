package dev.steptrail.stepformat;

import java.util.Optional;
import java.util.UUID;

/** The ids of tasks as text, in the one form in which records, folders and addresses write them. */
public final class TaskId {
    private static final int LENGTH = 36;

    private TaskId() {}

    /** The UUID that {@code text} writes, where it is whole and in lower case; else empty. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }
}
