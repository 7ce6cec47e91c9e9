package dev.steptrail.aws;

import java.util.Locale;

/**
 * The purpose of a function: the value of the dimension {@code Function} of its metrics, the same in every deployment.
 */
public enum Purpose {
    INGEST,
    API,
    EXPORT,
    MAINTENANCE,
    MIGRATE;

    /** Returns the value of the dimension. */
    public String dimension() {
        return name().toLowerCase(Locale.ROOT);
    }
}
