package dev.steptrail.aws;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Thrown if S3 or SQS is unavailable or rejects a request; a retry may succeed. The message contains a status and an
 * error code, or the class of the cause, and never an object's key or content.
 */
public final class BucketException extends Exception {
    private BucketException(String message, SdkException cause) {
        super(message, cause);
    }

    /** @param service {@code bucket} or {@code queue} */
    static BucketException of(String service, SdkException cause) {
        return new BucketException("the " + service + " is not available (" + reason(cause) + ")", cause);
    }

    private static String reason(SdkException cause) {
        if (cause instanceof AwsServiceException error) {
            String code = error.awsErrorDetails() == null
                    ? ""
                    : error.awsErrorDetails().errorCode();
            return (error.statusCode() + " " + (code == null ? "" : code)).strip();
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName();
    }
}
