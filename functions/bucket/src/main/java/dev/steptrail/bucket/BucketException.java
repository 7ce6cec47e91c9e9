package dev.steptrail.bucket;

/**
 * S3, or SQS, cannot be asked now; the same may succeed later. The message tells the cause, and neither a key nor what lies under it.
 */
public final class BucketException extends Exception {
    BucketException(String reason) {
        this("bucket", reason);
    }

    private BucketException(String what, String reason) {
        super("the " + what + " is not available (" + reason + ")");
    }

    static BucketException ofQueue(String reason) {
        return new BucketException("queue", reason);
    }
}
