package dev.steptrail.shipper;

/** Why a line that is a record cannot be sent all the same. */
final class UnsendableException extends Exception {
    UnsendableException(String reason) {
        super(reason);
    }
}
