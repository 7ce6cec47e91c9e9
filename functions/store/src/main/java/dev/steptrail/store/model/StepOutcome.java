package dev.steptrail.store.model;

/**
 * The SQL expression for the outcome of a step. The column {@code error} contains the first 2,000 characters of its
 * error. {@link StoredStep} has the same rules in Java.
 */
public final class StepOutcome {
    /** The {@code success} of a step; false if it has an error and no {@code success}; null if unknown. */
    public static final String SUCCEEDED = "coalesce(success, CASE WHEN error_message IS NOT NULL THEN false END)";

    private StepOutcome() {}
}
