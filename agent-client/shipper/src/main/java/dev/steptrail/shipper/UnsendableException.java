package dev.steptrail.shipper;

/** A line or record cannot be sent; the message is the reason. */
final class UnsendableException extends Exception {
    UnsendableException(String reason) {
        super(reason);
    }
}
