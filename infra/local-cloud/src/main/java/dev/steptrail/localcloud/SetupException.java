package dev.steptrail.localcloud;

/** Thrown if the local cloud cannot start. The message contains the reason and the remedy. */
final class SetupException extends RuntimeException {
    SetupException(String message) {
        super(message);
    }
}
