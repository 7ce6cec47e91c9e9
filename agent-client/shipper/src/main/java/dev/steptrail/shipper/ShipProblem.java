package dev.steptrail.shipper;

import java.util.Locale;

/** The machine-readable kind of a problem that prevents delivery. */
public enum ShipProblem {
    /** The access key, secret or session token is missing, wrong or expired. */
    CREDENTIALS,
    /** The policy does not grant a permission that the shipper needs. */
    PERMISSION,
    /** The queue does not exist. */
    QUEUE,
    /** The bucket does not exist. */
    BUCKET,
    /** This machine's clock is too far off for AWS. */
    CLOCK,
    /** AWS is throttling requests. */
    THROTTLED,
    /** The network or the endpoint is unavailable. */
    UNREACHABLE,
    /** The folders of some tasks cannot be read or written; all other tasks are shipped. */
    FOLDERS,
    OTHER;

    /** Returns the name in the state file and in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
