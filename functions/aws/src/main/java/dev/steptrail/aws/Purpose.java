package dev.steptrail.aws;

import java.util.Locale;

/** What a function is for: the value of the dimension {@code Function} of its metrics, alike in every deployment. */
public enum Purpose {
    INGEST,
    API,
    EXPORT,
    MAINTENANCE,
    MIGRATE;

    /** As metrics name it. */
    public String dimension() {
        return name().toLowerCase(Locale.ROOT);
    }
}
