package dev.steptrail.shipper;

import java.io.IOException;

/** A line or record cannot be sent; the message is the reason. Uploads, which may throw it, throw IOException. */
final class UnsendableException extends IOException {
    UnsendableException(String reason) {
        super(reason);
    }
}
