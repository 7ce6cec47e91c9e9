package dev.steptrail.bench.capacity;

/**
 * What one step uses, on the average; measured and simulated.
 *
 * @param messages sent to the queue
 * @param receives requests that received them
 * @param deletes requests that deleted them
 * @param invocations of the ingest function
 * @param seconds for which they are billed
 * @param megabytes the ingest function's memory
 * @param databaseSeconds of one processor, in Postgres
 * @param rowBytes in Postgres, with two screenshots' rows and all indexes
 * @param logBytes of Postgres' write-ahead log
 * @param sizes of a screen's files
 * @param phones that work at once, each a sender of its own
 */
record Usage(
        double messages,
        double receives,
        double deletes,
        double invocations,
        double seconds,
        int megabytes,
        double databaseSeconds,
        double rowBytes,
        double logBytes,
        ScreenSizes sizes,
        int phones) {
    /** How many hours these phones take for so many steps. */
    double hours(double steps) {
        return steps * Phones.MEAN_STEP.toMillis() / 1000.0 / phones / 3600;
    }
}
