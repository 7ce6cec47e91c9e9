package dev.steptrail.shipper;

import java.util.Locale;

/** What kind of thing keeps an outbox from being delivered, for programs; the line that comes with it is for people. */
public enum ShipProblem {
    /** The key, its secret or its session is wrong, or there is none. */
    CREDENTIALS,
    /** The policy does not allow what a shipper does. */
    PERMISSION,
    /** The queue does not exist. */
    QUEUE,
    /** The bucket does not exist. */
    BUCKET,
    /** This machine's clock is too far off for AWS. */
    CLOCK,
    /** AWS asks for fewer requests. */
    THROTTLED,
    /** The network or the endpoint is away. */
    UNREACHABLE,
    /** Folders of single tasks cannot be read or written; all others are shipped. */
    FOLDERS,
    OTHER;

    /** Its name in the state file and in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
