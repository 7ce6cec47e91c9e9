package dev.steptrail.aws;

/** The credentials of the function's role cannot be loaded now; a later attempt may succeed. */
public final class CredentialsException extends RuntimeException {
    CredentialsException(Exception cause) {
        // Without the cause's message, which may quote an endpoint's response.
        super("failed to load role credentials (" + cause.getClass().getSimpleName() + ")");
    }
}
