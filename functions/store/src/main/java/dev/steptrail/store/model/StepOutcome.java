package dev.steptrail.store.model;

/**
 * Whether a step went well, and what went wrong in it, as SQL: the rule for all that is counted, listed and filtered. {@link
 * StoredStep} has the same rule in Java.
 */
public final class StepOutcome {
    /** Its {@code success}; false for a step with an error and no {@code success}. Null if unknown. */
    public static final String WENT_WELL = "coalesce(success, CASE WHEN error_message IS NOT NULL THEN false END)";

    /** Its {@code error_message}; for a failed step without one, the {@code message} of its result. */
    public static final String ERROR =
            "coalesce(error_message, CASE WHEN NOT success THEN action_result ->> 'message' END)";

    /** The number of bytes to read for {@link #ERROR}: a result is read as a whole. */
    public static final String BYTES_FOR_ERROR =
            "coalesce(octet_length(error_message), CASE WHEN NOT success THEN octet_length(action_result::text) END, 0)";

    private StepOutcome() {}
}
