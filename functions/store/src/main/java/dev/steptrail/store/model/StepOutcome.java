package dev.steptrail.store.model;

import org.jspecify.annotations.Nullable;

/**
 * Whether a step went well, and what went wrong in it: the one rule for what is counted, listed, asked for and shown. It is told here
 * twice, to Postgres and to Java.
 */
public final class StepOutcome {
    /** By its {@code success}; where it leaves that out and tells an error, it failed. Null where nobody can tell. */
    public static final String WENT_WELL = "coalesce(success, CASE WHEN error_message IS NOT NULL THEN false END)";

    /** By its {@code error_message}; where a failed step has none, by the {@code message} of its result. */
    public static final String ERROR =
            "coalesce(error_message, CASE WHEN NOT success THEN action_result ->> 'message' END)";

    /** How much has to be read to know it: of a result all of it, whatever its message is. */
    public static final String BYTES_FOR_ERROR =
            "coalesce(octet_length(error_message), CASE WHEN NOT success THEN octet_length(action_result::text) END, 0)";

    private StepOutcome() {}

    static @Nullable Boolean wentWell(StoredStep step) {
        return step.success() != null ? step.success() : step.errorMessage() != null ? Boolean.FALSE : null;
    }

    static @Nullable String error(StoredStep step) {
        if (step.errorMessage() != null || !Boolean.FALSE.equals(step.success())) {
            return step.errorMessage();
        }
        String message = JsonFields.of(step.actionResult()).get("message");
        return message == null ? null : JsonFields.text(message);
    }
}
