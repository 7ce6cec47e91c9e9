package dev.steptrail.shipper.aws;

import java.io.IOException;

/** There is nothing to sign a request with: no credentials were found, or whoever gives them out refuses to renew them. */
public final class NoCredentialsException extends IOException {
    private static final long serialVersionUID = 1;

    NoCredentialsException(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
