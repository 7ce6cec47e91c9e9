package dev.steptrail.store.model;

/** SQL expressions for the outcome and the error of a step. {@link StoredStep} has the same rules in Java. */
public final class StepOutcome {
    /** The {@code success} of a step; false if it has an error and no {@code success}; null if unknown. */
    public static final String SUCCEEDED = "coalesce(success, CASE WHEN error_message IS NOT NULL THEN false END)";

    /** The {@code error_message} of a step; for a failed step without one, the {@code message} of its result. */
    public static final String ERROR =
            "coalesce(error_message, CASE WHEN NOT success THEN action_result ->> 'message' END)";

    /** The number of bytes that Postgres reads to evaluate {@link #ERROR}, including the complete result. */
    public static final String BYTES_FOR_ERROR =
            "coalesce(octet_length(error_message), CASE WHEN NOT success THEN octet_length(action_result::text) END, 0)";

    private StepOutcome() {}
}
