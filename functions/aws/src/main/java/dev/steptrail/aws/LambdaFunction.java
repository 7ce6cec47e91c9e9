package dev.steptrail.aws;

import java.util.Locale;

/** The functions that publish metrics. */
public enum LambdaFunction {
    INGEST,
    API,
    EXPORT,
    MAINTENANCE,
    /** Runs the jobs that the API requests. */
    JOBS,
    MIGRATE;

    /** Returns the value of the metrics' dimension {@code Function}, which is the same in every deployment. */
    public String dimension() {
        return name().toLowerCase(Locale.ROOT);
    }
}
