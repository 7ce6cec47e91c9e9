package dev.steptrail.aws;

/** Thrown if the credentials of the function's role cannot be loaded; a retry may succeed. */
public final class CredentialsException extends RuntimeException {
    CredentialsException(Exception cause) {
        // Without the cause's message, which may contain an endpoint's response.
        super("failed to load role credentials (" + cause.getClass().getSimpleName() + ")");
    }
}
