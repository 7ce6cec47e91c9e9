package dev.steptrail.aws;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * S3 or SQS is unavailable or refuses the request; a later attempt may succeed. The message contains a status and an error code, or the
 * class of the cause, and never an object's key or content.
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
        if (cause instanceof AwsServiceException refusal) {
            String code = refusal.awsErrorDetails() == null
                    ? ""
                    : refusal.awsErrorDetails().errorCode();
            return (refusal.statusCode() + " " + (code == null ? "" : code)).strip();
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName();
    }
}
