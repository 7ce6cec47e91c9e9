package dev.steptrail.aws;

/** The role's credentials are not to be had now; to try again is right. */
public final class CredentialsException extends RuntimeException {
    CredentialsException(String reason) {
        super("the role's credentials are not told: " + reason);
    }
}
