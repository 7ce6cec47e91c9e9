package dev.steptrail.bucket;

/** S3 cannot be asked now; the same may succeed later. The message tells the cause, and neither a key nor what lies under it. */
public final class BucketException extends Exception {
    BucketException(String reason) {
        super("the bucket is not available (" + reason + ")");
    }
}
