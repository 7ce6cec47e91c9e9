package dev.steptrail.aws;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Thrown if a parameter cannot be read or written. The message names the parameter and does not contain its value. */
public final class ParameterException extends RuntimeException {
    /** @param problem what is wrong with the parameter, and what to do */
    public ParameterException(String name, String problem) {
        super("the parameter '" + name + "' " + problem);
    }

    static ParameterException of(String action, String name, SdkException cause) {
        String reason = cause instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? service.awsErrorDetails().errorCode() + ": "
                        + service.awsErrorDetails().errorMessage()
                : cause.getClass().getSimpleName();
        return new ParameterException(name, "cannot be " + action + " (" + reason + ")");
    }
}
