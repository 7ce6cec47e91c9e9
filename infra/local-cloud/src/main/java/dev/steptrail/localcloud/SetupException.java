package dev.steptrail.localcloud;

/** The local cloud cannot run with these settings; the message says why and what to do. */
final class SetupException extends RuntimeException {
    SetupException(String message) {
        super(message);
    }
}
