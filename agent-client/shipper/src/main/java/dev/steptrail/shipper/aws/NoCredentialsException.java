package dev.steptrail.shipper.aws;

import java.io.IOException;
import software.amazon.awssdk.core.exception.SdkException;

/** There is nothing to sign a request with: no credentials were found, or whoever gives them out refuses to renew them. */
public final class NoCredentialsException extends IOException {
    private static final long serialVersionUID = 1;

    NoCredentialsException(SdkException cause) {
        super(cause.getMessage(), cause);
    }
}
